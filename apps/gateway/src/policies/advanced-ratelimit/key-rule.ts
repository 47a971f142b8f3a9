import { hash } from 'node:crypto';
import type { AdvancedRateLimit } from '@penstock/contracts';
import { compileText } from '@penstock/policies';
import type { z } from 'zod';
import { conditionInput } from '../condition-input.ts';
import type { PolicyCall } from '../policy.ts';

type Params = z.output<typeof AdvancedRateLimit.params>;
/** One thing by which counters are told apart. */
export type KeyPart = NonNullable<Params['keyExtraction']>[number];

/** Null: the request has none. */
type PartReader = (call: PolicyCall) => string | null;

/** Of SHA-256 in base64url: 144 bits. */
const NAME_LENGTH = 24;
const MAPPED_IPV4 = /^::ffff:(?=\d+\.)/i;

/**
 * Tells the counters of a limit apart. What callers send is hashed: names are short however long it is, nothing in it can be taken
 * for another part of a name, and credentials do not stand in Redis. Requests without a part share one counter.
 */
export class KeyRule {
  readonly #parts: readonly PartReader[];

  constructor(parts: readonly KeyPart[]) {
    this.#parts = parts.map(readerOf);
  }

  /** The name of a request's counter, as long for all of them. */
  nameOf(call: PolicyCall): string {
    const values = JSON.stringify(this.#parts.map((read) => read(call)));
    return hash('sha256', values, 'base64url').slice(0, NAME_LENGTH);
  }
}

function readerOf(part: KeyPart): PartReader {
  switch (part.type) {
    case 'header': {
      const name = part.key.toLowerCase();
      return ({ context }) => firstOf(context.request.headers[name]);
    }
    case 'metadata':
      return ({ metadata }) => metadata.get(part.key) || null;
    case 'constant':
      return () => part.key;
    case 'ip':
      return ({ context }) => context.request.socket.remoteAddress?.replace(MAPPED_IPV4, '') ?? null;
    case 'routename':
      return ({ context: { route } }) => (route ? `${route.method} ${route.template}` : null);
    case 'apiname':
    case 'apiversion':
      // Counters are those of one proxy, which has one name and one version.
      return () => part.type;
    case 'cel': {
      const evaluate = compileText(part.expression);
      return ({ context, metadata }) => evaluate(conditionInput(context, metadata)) || null;
    }
  }
}

function firstOf(value: string | readonly string[] | undefined): string | null {
  const first = typeof value === 'string' ? value : value?.[0];
  return first || null;
}
