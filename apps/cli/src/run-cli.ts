import { CommanderError } from 'commander';
import { CliError, EXIT } from './cli-error.ts';
import type { CliIo } from './cli-io.ts';
import { createProgram } from './create-program.ts';

/** Runs one command line and says how it ended, as an exit code (see `EXIT`). Never rejects for what a user can do wrong. */
export async function runCli(args: readonly string[], io: CliIo): Promise<number> {
  try {
    await createProgram(io).parseAsync(args, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CliError) {
      io.say(`penstock: ${error.message}\n`);
      return error.exitCode;
    }
    // Commander has said already what is wrong; help and version end this way too.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    throw error;
  }
}
