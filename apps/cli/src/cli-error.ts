/** How a command ends: 0 well, 1 refused or not possible, 2 called wrongly, 3 a `diff` that found differences. */
export const EXIT = { ok: 0, refused: 1, usage: 2, drift: 3 } as const;

type Failure = (typeof EXIT)['refused' | 'usage' | 'drift'];

/** A failure that is told in its one message, without a trace. */
export class CliError extends Error {
  override readonly name: string = 'CliError';
  readonly exitCode: Failure;

  constructor(message: string, exitCode: Failure = EXIT.refused) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The command was called wrongly. */
export function usageError(message: string): CliError {
  return new CliError(message, EXIT.usage);
}
