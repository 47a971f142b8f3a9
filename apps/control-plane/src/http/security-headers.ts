import type { FastifyInstance } from 'fastify';
import { invalidField } from '../common/admin-error.ts';

const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  // Mantine writes style attributes and one style element at run time.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of every answer, and the request id. `https`: browsers are told to stay on it. */
export function addSecurityHeaders(server: FastifyInstance, https: boolean): void {
  server.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-request-id': request.id,
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=()',
      ...(https && { 'strict-transport-security': 'max-age=31536000' }),
    });
    if (request.url.includes('%00')) throw invalidField('', 'the URL contains a NUL character');
    if (request.url.startsWith('/api/') || request.url.startsWith('/internal/'))
      reply.header('cache-control', 'no-store');
  });
}
