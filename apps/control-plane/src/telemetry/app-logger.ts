import { Injectable, type LoggerService } from '@nestjs/common';
import type { Logger } from '@penstock/telemetry';

/** Nest's own messages in the one log format; also the logger that services get injected. */
@Injectable()
export class AppLogger implements LoggerService {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  log(message: unknown, ...details: unknown[]): void {
    this.#logger.info(fieldsOf(details), String(message));
  }

  warn(message: unknown, ...details: unknown[]): void {
    this.#logger.warn(fieldsOf(details), String(message));
  }

  error(message: unknown, ...details: unknown[]): void {
    this.#logger.error(fieldsOf(details), String(message));
  }

  debug(message: unknown, ...details: unknown[]): void {
    this.#logger.debug(fieldsOf(details), String(message));
  }

  verbose(message: unknown, ...details: unknown[]): void {
    this.#logger.trace(fieldsOf(details), String(message));
  }

  fatal(message: unknown, ...details: unknown[]): void {
    this.#logger.fatal(fieldsOf(details), String(message));
  }
}

/** Nest passes a context name or a stack as text, we pass errors and objects. */
function fieldsOf(details: readonly unknown[]): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const detail of details) {
    if (detail instanceof Error) fields['err'] = detail;
    else if (typeof detail === 'string') fields['context'] = detail;
    else if (detail !== null && typeof detail === 'object') Object.assign(fields, detail);
  }
  return fields;
}
