import type { Logger } from '@penstock/telemetry';
import { ConfigError } from './config/env.ts';

const STOP_DEADLINE_MS = 15_000;

/** Stops in good order on SIGTERM and SIGINT; a second signal, or 15 seconds, end it at once. */
export function onTermination(logger: Logger, stop: () => Promise<void>): void {
  let stopping = false;
  const handle = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.info({ signal }, 'Stopping');
    setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'Stopping failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', handle);
  process.on('SIGINT', handle);
}

/** Says why a process could not start, and ends it. A wrong environment needs no stack. */
export function reportStartFailure(what: string, error: unknown): void {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const reason = error instanceof ConfigError ? error.message : stack;
  process.stderr.write(`The ${what} could not start: ${reason}\n`);
  process.exit(1);
}
