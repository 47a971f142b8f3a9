/** One field of a request that is at fault. */
export interface FieldError {
  /** Path such as `spec.upstream.url`; empty for the whole body. */
  readonly field: string;
  readonly message: string;
  /** Where a request holds many documents: which one it is. */
  readonly document?: { readonly index: number; readonly kind: string; readonly name: string };
}

/** Codes of the management API and the status each is answered with. */
export const ADMIN_ERROR_STATUS = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  csrf: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  still_referenced: 409,
  built_in: 409,
  precondition_failed: 412,
  payload_too_large: 413,
  unsupported_media_type: 415,
  url_not_allowed: 422,
  secret_required: 422,
  not_configured: 422,
  too_many_attempts: 429,
  internal_error: 500,
  unavailable: 503,
} as const;

export type AdminErrorCode = keyof typeof ADMIN_ERROR_STATUS;

interface AdminErrorOptions {
  readonly errors?: readonly FieldError[];
  readonly retryAfterSeconds?: number;
  /** Private; goes to the log only. */
  readonly cause?: unknown;
}

/** A refusal of the management API; `message` and `errors` are public. */
export class AdminError extends Error {
  override readonly name = 'AdminError';
  readonly code: AdminErrorCode;
  readonly errors: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;

  constructor(code: AdminErrorCode, message: string, options: AdminErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.errors = options.errors ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get status(): number {
    return ADMIN_ERROR_STATUS[this.code];
  }
}

/** A 400 that names one field. */
export function invalidField(field: string, message: string): AdminError {
  return new AdminError('invalid', 'The request is invalid.', { errors: [{ field, message }] });
}

/** The 409 for a name that something else has; a form shows it at the field. */
export function takenField(field: string, message: string): AdminError {
  return new AdminError('conflict', message, { errors: [{ field, message: 'is taken already' }] });
}
