import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';

const read = (name: string): string => readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8');
const limitState = read('limit-state');

/**
 * A script of `scripts/`. Redis knows it by the hash of its content, so that gateways of two versions can run side by side
 * during a rollout. A server that does not have it (restarted, flushed, promoted) is given it with the same call.
 */
export class LuaScript {
  readonly #source: string;
  readonly #sha: string;

  constructor(name: string) {
    this.#source = `${limitState}\n${read(name)}`;
    this.#sha = createHash('sha1').update(this.#source).digest('hex');
  }

  /** One round trip, or two where the server does not know the script yet. Returns whole numbers. */
  async run(
    redis: Redis,
    keys: readonly string[],
    parameters: readonly (string | number)[],
  ): Promise<readonly number[]> {
    const rest = [keys.length, ...keys, ...parameters] as const;
    try {
      return asNumbers(await redis.evalsha(this.#sha, ...rest));
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return asNumbers(await redis.eval(this.#source, ...rest));
    }
  }
}

function asNumbers(reply: unknown): readonly number[] {
  const values: unknown[] = Array.isArray(reply) ? reply : [reply];
  return values.map(Number);
}
