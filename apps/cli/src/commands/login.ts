import { ConfigRevision, pageOf } from '@penstock/contracts';
import type { Command } from 'commander';
import { AdminClient } from '../admin/admin-client.ts';
import { serverOf } from '../admin/connection.ts';
import { usageError } from '../cli-error.ts';
import type { CliIo } from '../cli-io.ts';
import { writeAnswer } from '../output/render.ts';
import { forgetSession, writeSession } from '../session/stored-session.ts';

const EXAMPLES = `
The token is an admin token (pat_...); it is kept in ~/.config/penstock/config.json (or below XDG_CONFIG_HOME), which only you can read.
PENSTOCK_SERVER and PENSTOCK_TOKEN go before it. Other users of the machine may see a token that stands on the command line.

Examples:
  penstock login --server http://127.0.0.1:3000 < token.txt
  penstock login --server http://127.0.0.1:3000 --token pat_...`;

const Revisions = pageOf('ConfigRevisionPage', ConfigRevision);

/** `penstock login` and `penstock logout` */
export function addLoginCommand(program: Command, io: CliIo): void {
  program
    .command('login')
    .description('keep server and token, so that they need not be given again')
    .option('--token <token>', 'the token; read from standard input where it is left out')
    .addHelpText('after', EXAMPLES)
    .action(async (options: { readonly token?: string }, command: Command) => {
      const server = serverOf(command, io);
      const token = (options.token ?? (await readToken(io))).trim();
      if (!/^\S+$/.test(token)) throw usageError('Give a token: --token pat_..., or on standard input.');
      const client = new AdminClient(server, token, 'this command');
      await client.send({ path: '/config/revisions', query: { limit: 1 }, answer: Revisions });
      const file = await writeSession(io.env, { server: server.href, token });
      const value = { server: server.href, file };
      writeAnswer(command, io, { value, asTable: () => `Logged in to ${server.href}; kept in ${file}\n` });
    });
  program
    .command('logout')
    .description('forget server and token')
    .action(async (_options: unknown, command: Command) => {
      const value = { forgotten: await forgetSession(io.env) };
      const asTable = ({ forgotten }: typeof value): string => (forgotten ? 'Logged out\n' : 'There was no login\n');
      writeAnswer(command, io, { value, asTable });
    });
}

async function readToken(io: CliIo): Promise<string> {
  if (io.typed) io.say('Paste the admin token (pat_...), Enter, then Ctrl-D:\n');
  return io.readInput();
}
