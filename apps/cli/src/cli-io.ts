/** What a command has of the process that it runs in. */
export interface CliIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The answer. */
  readonly out: (text: string) => void;
  /** What is said beside the answer: progress, warnings, errors. */
  readonly say: (text: string) => void;
  /** Whether a person watches what is said, so that a line may be written over. */
  readonly watched: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** This process. */
export function processIo(): CliIo {
  return {
    env: process.env,
    out: (text) => process.stdout.write(text),
    say: (text) => process.stderr.write(text),
    watched: process.stderr.isTTY,
    now: Date.now,
  };
}
