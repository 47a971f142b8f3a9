import { MasterKeyError, type Redactor, SecretSourceError } from '@penstock/secrets';
import { createLogger } from '@penstock/telemetry';
import { EnvironmentError } from './config/environment.ts';

/** Ends a process that cannot start: with one sentence where the operator can act on it, else with everything known. */
export function failStart(error: unknown, redactor: Redactor): never {
  const logger = createLogger({ name: 'gateway', level: 'info', redactor });
  const sentence = sentenceFor(error);
  if (sentence === undefined) logger.fatal({ err: error }, 'the gateway cannot start');
  else logger.fatal(sentence);
  process.exit(1);
}

function sentenceFor(error: unknown): string | undefined {
  if (error instanceof EnvironmentError || error instanceof MasterKeyError || error instanceof SecretSourceError)
    return error.message;
  const { code, address, port, path } = error as { code?: string; address?: string; port?: number; path?: string };
  if (code === 'EADDRINUSE') return `The address ${address}:${port} is already in use.`;
  if (code === 'EADDRNOTAVAIL') return `The address ${address}:${port} is not one of this machine.`;
  if (code === 'EACCES' && port !== undefined) return `The port ${port} may not be opened by this user.`;
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM')
    return `The data directory cannot be written: ${path}.`;
  return undefined;
}
