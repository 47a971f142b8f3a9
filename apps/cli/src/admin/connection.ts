import type { Command } from 'commander';
import { usageError } from '../cli-error.ts';
import type { CliIo } from '../cli-io.ts';
import { AdminClient } from './admin-client.ts';

const DEFAULT_SERVER = 'http://127.0.0.1:3000';

/** A client of the control plane that the command line or the environment names. Throws the usage error for what is missing. */
export function connect(command: Command, { env }: CliIo): AdminClient {
  const { server } = command.optsWithGlobals<{ readonly server?: string }>();
  const token = env['PENSTOCK_TOKEN']?.trim();
  if (!token) throw usageError('PENSTOCK_TOKEN is not set; it holds an admin token (pat_...).');
  return new AdminClient(readServer(server ?? env['PENSTOCK_SERVER'] ?? DEFAULT_SERVER), token);
}

function readServer(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw usageError(`The server must be an http(s) URL such as ${DEFAULT_SERVER}, not '${text}'.`);
  }
  if (url.username || url.password)
    throw usageError('The URL of the server must not hold a password; set PENSTOCK_TOKEN.');
  return url;
}
