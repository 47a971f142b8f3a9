import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import fastifyCookie from '@fastify/cookie';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { allowCatalogUploads } from '../price-catalog/catalog-uploads.ts';
import { addBodyParsers, MAX_BODY_BYTES } from './body-parsers.ts';
import { addSecurityHeaders } from './security-headers.ts';

/** The HTTP server under Nest: request ids, cookies, body parsers, security headers. */
export async function createFastify(https: boolean): Promise<FastifyAdapter> {
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: 60_000,
    genReqId: requestIdOf,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 300 },
  });
  const server = adapter.getInstance<FastifyInstance>();
  await server.register(fastifyCookie);
  addSecurityHeaders(server, https);
  addBodyParsers(server);
  allowCatalogUploads(server);
  return adapter;
}

/** The caller's own id where it is harmless, so that logs of both sides can be joined. */
function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{8,128}$/.test(given) ? given : randomUUID();
}
