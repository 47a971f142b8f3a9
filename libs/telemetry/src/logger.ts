import type { Redactor } from '@penstock/secrets';
import {
  type Bindings,
  type ChildLoggerOptions,
  destination as fileDestination,
  type Logger,
  pino,
  stdTimeFunctions,
} from 'pino';
import { withoutSecretFieldsOf } from './secret-fields.ts';

export type { Logger } from 'pino';

/** What log lines are written to; each line ends with a line feed. */
export interface LogDestination {
  write(line: string): void;
}

export interface LoggerOptions {
  /** Which part of Penstock speaks: `gateway`, `control-plane`, `worker`. */
  readonly name: string;
  /** `trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`, in any case. Throws RangeError for another one. */
  readonly level: string;
  /** Scrubs every finished line. */
  readonly redactor?: Redactor;
  /** Standard output, written synchronously, where it is left out. */
  readonly destination?: LogDestination;
}

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/**
 * A logger that writes one JSON object per line, with ISO 8601 time and the level's name. Secrets are kept out twice: fields
 * that are named like one are dropped, and the redactor scrubs the whole line, message and stack included.
 */
export function createLogger(options: LoggerOptions): Logger {
  const level = options.level.toLowerCase();
  if (!LEVELS.includes(level)) throw new RangeError(`unknown log level; use one of ${LEVELS.join(', ')}`);
  const output = options.destination ?? fileDestination({ fd: 1, sync: true });
  const logger = pino(
    {
      name: options.name,
      level,
      timestamp: stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: withoutSecretFieldsOf,
      },
      // Errors are plain objects by then.
      serializers: { err: (value: unknown) => value },
    },
    options.redactor ? scrubbing(output, options.redactor) : output,
  );
  return redactingChildren(logger);
}

type MakeChild = (this: Logger, bindings: Bindings, options?: ChildLoggerOptions) => Logger;

/** Pino formats the bindings of the first logger only. Children inherit this method from it, and so do theirs. */
function redactingChildren(logger: Logger): Logger {
  const makeChild = Reflect.get(logger, 'child') as unknown as MakeChild;
  const child: MakeChild = function (bindings, options) {
    return makeChild.call(this, withoutSecretFieldsOf(bindings), options);
  };
  return Object.assign(logger, { child });
}

function scrubbing(output: LogDestination, redactor: Redactor): LogDestination {
  return { write: (line) => output.write(redactor.redact(line)) };
}
