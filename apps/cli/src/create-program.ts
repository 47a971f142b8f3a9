import { Command, Option } from 'commander';
import type { CliIo } from './cli-io.ts';
import { addCatalogCommand } from './commands/catalog.ts';
import { addStatusCommand } from './commands/status.ts';
import { addUsageCommand } from './commands/usage.ts';
import { FORMATS } from './output/render.ts';

/** Each command is one file, which adds itself to the program. */
const COMMANDS = [addCatalogCommand, addStatusCommand, addUsageCommand];

const HELP = `
The token is read from PENSTOCK_TOKEN: an admin token (pat_...), which has the rights of its role.

Ends with 0 when it went well, 1 when it was refused or not possible, 2 when it was called wrongly.`;

/** The command line with all of its commands. */
export function createProgram(io: CliIo): Command {
  const program = new Command('penstock')
    .description('The command line of Penstock')
    .addOption(
      new Option('--server <url>', 'the control plane (or PENSTOCK_SERVER; default http://127.0.0.1:3000)').argParser(
        String,
      ),
    )
    .addOption(new Option('-o, --output <format>', 'how answers are written').choices(FORMATS).default('table'))
    .addHelpText('after', HELP)
    .showHelpAfterError('(--help tells more)');
  for (const add of COMMANDS) add(program, io);
  prepare(program, io);
  return program;
}

/** Every command writes where it is told to, and throws where it would end the process. */
function prepare(command: Command, io: CliIo): void {
  command.exitOverride().configureOutput({ writeOut: io.out, writeErr: io.say });
  for (const child of command.commands) prepare(child, io);
}
