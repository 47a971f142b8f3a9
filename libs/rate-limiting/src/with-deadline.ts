/** The answer did not come in time; it may still come, and what was asked may still happen. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/** Rejects with a {@link DeadlineError} when the promise is not settled within `deadlineMs`. */
export function withDeadline<Value>(promise: Promise<Value>, deadlineMs: number): Promise<Value> {
  return new Promise((resolve, reject) => {
    const late = (): void => reject(new DeadlineError(`no answer within ${deadlineMs} ms`));
    // A busy process runs its timers before it reads its sockets: one more turn, so that its own pause is not blamed on Redis.
    const timer = setTimeout(() => setImmediate(late), deadlineMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
