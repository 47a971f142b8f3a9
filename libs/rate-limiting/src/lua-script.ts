import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ChainableCommander, Redis } from 'ioredis';

const read = (name: string): string => readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8');
const limitState = read('limit-state');

/** What a script is called with. */
export interface ScriptArguments {
  readonly keys: readonly string[];
  readonly parameters: readonly (string | number)[];
}

/**
 * A script of `scripts/`. Redis knows it by the hash of its content, so that gateways of two versions can run side by side
 * during a rollout. A server that does not have it (restarted, flushed, promoted) is given it with a second call.
 */
export class LuaScript {
  readonly #source: string;
  readonly #sha: string;

  constructor(name: string) {
    this.#source = `${limitState}\n${read(name)}`;
    this.#sha = createHash('sha1').update(this.#source).digest('hex');
  }

  /** Adds a call to a pipeline; it fails with NOSCRIPT where the server does not know the script yet. */
  addTo(pipeline: ChainableCommander, { keys, parameters }: ScriptArguments): void {
    pipeline.evalsha(this.#sha, keys.length, ...keys, ...parameters);
  }

  /** Calls it on a server that may not know it. */
  evaluate(redis: Redis, { keys, parameters }: ScriptArguments): Promise<unknown> {
    return redis.eval(this.#source, keys.length, ...keys, ...parameters);
  }
}
