import type { Command } from 'commander';
import { usageError } from '../cli-error.ts';
import type { CliIo } from '../cli-io.ts';
import { readSession, sessionFile } from '../session/stored-session.ts';
import { AdminClient } from './admin-client.ts';

const DEFAULT_SERVER = 'http://127.0.0.1:3000';

/**
 * A client of the control plane that the command line, the environment or `penstock login` names. Throws the usage error for
 * what is missing.
 */
export function connect(command: Command, { env }: CliIo): AdminClient {
  const token = env['PENSTOCK_TOKEN']?.trim();
  if (token) return new AdminClient(serverOf(command, { env }), token);
  const session = readSession(env);
  const server = serverOf(command, { env });
  // A token goes to the server that it is of, and to no other.
  if (session && server.href === readServer(session.server).href) {
    return new AdminClient(server, session.token, sessionFile(env));
  }
  throw usageError(
    `There is no token for ${server.origin}: set PENSTOCK_TOKEN to an admin token (pat_...), or run 'penstock login --server ${server.origin}'.`,
  );
}

/** The control plane that is meant: by `--server`, PENSTOCK_SERVER, the last login, or the one on this machine. */
export function serverOf(command: Command, { env }: Pick<CliIo, 'env'>): URL {
  const { server } = command.optsWithGlobals<{ readonly server?: string }>();
  return readServer(server ?? (env['PENSTOCK_SERVER'] || storedServer(env) || DEFAULT_SERVER));
}

function storedServer(env: CliIo['env']): string | undefined {
  return env['PENSTOCK_TOKEN']?.trim() ? undefined : readSession(env)?.server;
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
