/** Another document, by which one that waits for it is found. */
export interface Dependency {
  readonly kind: string;
  readonly name: string;
}

/** How a reconciliation ended, as conditions tell it. Reasons are one word, for programs. */
export interface Outcome {
  readonly synced: boolean;
  readonly ready: boolean;
  readonly reason: string;
  readonly message: string;
  /** It is tried again before long. */
  readonly retry: boolean;
  /** What it waits for: it is tried as soon as that is there. */
  readonly waitsFor?: readonly Dependency[];
  /** The Secret that holds a virtual key. */
  readonly secretName?: string;
}

export function synced(message: string, more: Partial<Outcome> = {}): Outcome {
  return { synced: true, ready: true, reason: 'Synced', message, retry: false, ...more };
}

export function failed(reason: string, message: string, more: Partial<Outcome> = {}): Outcome {
  return { synced: false, ready: false, reason, message, retry: true, ...more };
}
