/** A Postgres of a test's own. It keeps its port and its data. */
export interface PrivatePostgres {
  readonly url: string;
  /** `kill -9`: what was not committed is gone. */
  kill9(): Promise<void>;
  /** Starts it again; it recovers first. */
  start(): Promise<void>;
  /** Ends it and removes its data. */
  dispose(): Promise<void>;
}

export function startPrivatePostgres(): Promise<PrivatePostgres>;
