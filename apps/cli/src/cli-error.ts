/** How a command ends: 0 well, 1 refused or not possible, 2 called wrongly. */
export const EXIT = { ok: 0, refused: 1, usage: 2 } as const;

/** A failure that is told in its one message, without a trace. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: (typeof EXIT)['refused' | 'usage'];

  constructor(message: string, exitCode: (typeof EXIT)['refused' | 'usage'] = EXIT.refused) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The command was called wrongly. */
export function usageError(message: string): CliError {
  return new CliError(message, EXIT.usage);
}
