import { GatewayError } from '@penstock/contracts';

export type WarningKind = 'dropped' | 'clamped' | 'converted';

/** What a proxy does with parameters that a model does not have. */
export type ParameterPolicy = 'lenient' | 'strict';

/** Longest list that is told to a caller; the rest is counted. */
const MAX_WARNINGS = 32;

/** Collects what was lost on the way to a model. On a strict proxy the first loss refuses the request instead. */
export class Warnings {
  readonly #policy: ParameterPolicy;
  readonly #entries = new Set<string>();

  constructor(policy: ParameterPolicy) {
    this.#policy = policy;
  }

  /** Whether a loss refuses the request. */
  get strict(): boolean {
    return this.#policy === 'strict';
  }

  /** `parameter` is the caller's own name or path of it. Throws `unsupported_parameter` on a strict proxy. */
  add(kind: WarningKind, parameter: string): void {
    if (this.#policy === 'strict') {
      const message = `'${parameter}' is not supported by the model that serves this request.`;
      throw new GatewayError('unsupported_parameter', message, { param: parameter });
    }
    this.note(kind, parameter);
  }

  /** A change without a loss of meaning, which is reported on a strict proxy too. */
  note(kind: WarningKind, parameter: string): void {
    if (this.#entries.size < MAX_WARNINGS) this.#entries.add(`${kind}:${parameter}`);
  }

  /** For `x-penstock-warnings`: `dropped:seed, clamped:temperature`; null when there is none. Printable ASCII only. */
  header(): string | null {
    if (this.#entries.size === 0) return null;
    return [...this.#entries].map((entry) => entry.replaceAll(/[^\x21-\x2b\x2d-\x7e]/g, '?')).join(', ');
  }
}
