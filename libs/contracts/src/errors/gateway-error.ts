import { ERROR_CODES, type ErrorCode } from './error-codes.ts';

interface GatewayErrorOptions {
  /** Private detail; it goes to logs only. */
  readonly cause?: unknown;
  /** Name of the request field that is at fault. */
  readonly param?: string;
  /** How long to wait before trying again. */
  readonly retryAfterMs?: number;
  /** Overrides the table's status; only to relay an upstream's own 4xx. */
  readonly status?: number;
  /** The vendor's own type and code, relayed to a caller who speaks the same dialect. */
  readonly upstream?: { readonly type: string | null; readonly code: string | null };
}

/** The one error of the data plane. `message` is public by definition. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly param: string | null;
  readonly retryAfterMs: number | null;
  readonly upstream: { readonly type: string | null; readonly code: string | null } | null;

  constructor(code: ErrorCode, message: string, options: GatewayErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = options.status ?? ERROR_CODES[code].status;
    this.param = options.param ?? null;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.upstream = options.upstream ?? null;
  }

  /** Whether sending the same request again can help. */
  get retryable(): boolean {
    return ERROR_CODES[this.code].retryable;
  }
}
