import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { AdminErrorBody } from '@penstock/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppLogger } from '../telemetry/app-logger.ts';
import { ADMIN_ERROR_STATUS, AdminError, type AdminErrorCode } from './admin-error.ts';
import { readDatabaseError } from './database-error.ts';

const CODE_BY_STATUS = new Map<number, AdminErrorCode>([
  [400, 'invalid'],
  [401, 'unauthenticated'],
  [403, 'forbidden'],
  [404, 'not_found'],
  [405, 'method_not_allowed'],
  [413, 'payload_too_large'],
  [415, 'unsupported_media_type'],
]);

const PUBLIC_MESSAGES: Partial<Record<AdminErrorCode, string>> = {
  not_found: 'There is nothing here.',
  payload_too_large: 'The body is too large.',
  unsupported_media_type: 'Send application/json or application/yaml.',
  invalid: 'The request is invalid.',
};

/** Turns whatever was thrown into the one error body of the management API. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  readonly #logger: AppLogger;

  constructor(logger: AppLogger) {
    this.#logger = logger;
  }

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    sendError(thrown, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), this.#logger);
  }
}

/** Answers with the error body; faults of our own are logged, refusals are not. */
export function sendError(thrown: unknown, request: FastifyRequest, reply: FastifyReply, logger: AppLogger): void {
  const error = toAdminError(thrown);
  if (error.status >= 500) {
    logger.error('A request failed', {
      err: thrown,
      requestId: request.id,
      method: request.method,
      path: pathOf(request),
    });
  }
  const body: AdminErrorBody = {
    status: 'error',
    code: error.code,
    message: error.message,
    errors: [...error.errors],
    requestId: request.id,
  };
  if (error.code === 'unauthenticated') reply.header('www-authenticate', challengeOf(request));
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds));
  reply.status(error.status).header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(body));
}

/** Browsers ask for a password where they read `Basic`, so only the routes for other programs say it. */
function challengeOf(request: FastifyRequest): string {
  const bearer = 'Bearer realm="penstock"';
  return pathOf(request).startsWith('/api/management/') ? `Basic realm="penstock", ${bearer}` : bearer;
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '';
}

function toAdminError(thrown: unknown): AdminError {
  if (thrown instanceof AdminError) return thrown;
  const databaseError = readDatabaseError(thrown);
  if (databaseError) return databaseError;
  const status = statusOf(thrown);
  const code = CODE_BY_STATUS.get(status) ?? (status >= 400 && status < 500 ? 'invalid' : 'internal_error');
  const message = PUBLIC_MESSAGES[code] ?? 'Something went wrong here; the request id leads to the log.';
  return new AdminError(code, message, { cause: thrown });
}

/** Nest and Fastify both say a status; what says none is a fault of ours. */
function statusOf(thrown: unknown): number {
  if (thrown instanceof HttpException) return thrown.getStatus();
  if (thrown instanceof Error && 'statusCode' in thrown && typeof thrown.statusCode === 'number')
    return thrown.statusCode;
  return ADMIN_ERROR_STATUS.internal_error;
}
