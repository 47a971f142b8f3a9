import { Command, Option } from 'commander';
import type { CliIo } from './cli-io.ts';
import { addApplyCommand } from './commands/apply.ts';
import { addCatalogCommand } from './commands/catalog.ts';
import { addDeleteCommand } from './commands/delete.ts';
import { addDiffCommand } from './commands/diff.ts';
import { addDumpCommand } from './commands/dump.ts';
import { addExplainCommand } from './commands/explain.ts';
import { addExportCommand } from './commands/export.ts';
import { addGetCommand } from './commands/get.ts';
import { addImportCommand } from './commands/import.ts';
import { addKeysCommand } from './commands/keys.ts';
import { addLoginCommand } from './commands/login.ts';
import { addStatusCommand } from './commands/status.ts';
import { addUsageCommand } from './commands/usage.ts';
import { addValidateCommand } from './commands/validate.ts';
import { FORMATS } from './output/render.ts';

/** Each command is one file, which adds itself to the program. */
const COMMANDS = [
  addLoginCommand,
  addApplyCommand,
  addDiffCommand,
  addValidateCommand,
  addExportCommand,
  addImportCommand,
  addGetCommand,
  addDeleteCommand,
  addKeysCommand,
  addExplainCommand,
  addUsageCommand,
  addCatalogCommand,
  addStatusCommand,
  addDumpCommand,
];

const HELP = `
The control plane and the token come from --server and PENSTOCK_TOKEN, or from 'penstock login'. The token is an admin token (pat_...),
which has the rights of its role.

Ends with 0 when it went well, 1 when it was refused or not possible, 2 when it was called wrongly, 3 when diff found differences.

Examples:
  penstock login --server http://127.0.0.1:3000
  penstock apply -f ./manifests --dry-run
  penstock get providers`;

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
