/** The API server has refused, or did not answer. */
export class KubeError extends Error {
  override readonly name = 'KubeError';
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** Kubernetes' word for it, such as `Conflict`, `Expired`, `AlreadyExists`. */
  readonly reason: string;

  constructor(message: string, status: number, reason: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.status = status;
    this.reason = reason;
  }
}

export function isKubeError(error: unknown, status: number): boolean {
  return error instanceof KubeError && error.status === status;
}
