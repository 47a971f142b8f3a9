/** One refused field, or one resource that still refers to the one that was to be deleted. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

interface ApiErrorDetails {
  readonly code: string;
  readonly errors: readonly FieldError[];
  readonly requestId: string | null;
}

/** A refusal of the admin API. `message` is written for the admin; `status` is 0 when there was no answer at all. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: readonly FieldError[];
  readonly requestId: string | null;

  constructor(status: number, message: string, details: ApiErrorDetails, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ApiError';
    this.status = status;
    this.code = details.code;
    this.errors = details.errors;
    this.requestId = details.requestId;
  }
}

/** The error of an answer outside 2xx; `body` is whatever stood in it. */
export function apiErrorFrom(status: number, body: unknown): ApiError {
  const known = isErrorBody(body) ? body : {};
  return new ApiError(status, known.message ?? `The control plane answered ${status}.`, {
    code: known.code ?? 'unexpected_answer',
    errors: known.errors ?? [],
    requestId: known.requestId ?? null,
  });
}

/** The error of a request that got no answer. */
export function networkError(cause: unknown): ApiError {
  const details = { code: 'unreachable', errors: [], requestId: null };
  return new ApiError(0, 'The control plane cannot be reached. Check that it is running.', details, { cause });
}

/** Text for the admin, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'Something went wrong.';
}

interface PartialErrorBody {
  readonly code?: string;
  readonly message?: string;
  readonly errors?: readonly FieldError[];
  readonly requestId?: string;
}

function isErrorBody(body: unknown): body is PartialErrorBody {
  return typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string';
}
