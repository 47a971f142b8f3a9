/** Where the time comes from; a test passes its own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}
