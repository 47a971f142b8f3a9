import type { FastifyRequest } from 'fastify';
import { AdminError } from '../common/admin-error.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether the method changes nothing. */
export function isSafe(method: string): boolean {
  return SAFE_METHODS.has(method);
}

/** Throws the 403 when a browser says that the write comes from a page of somebody else. */
export function requireOwnOrigin(request: FastifyRequest, publicUrl: string | undefined): void {
  const origin = headerOf(request, 'origin');
  const site = headerOf(request, 'sec-fetch-site');
  const own = new Set([`http://${request.host}`, `https://${request.host}`]);
  if (publicUrl) own.add(new URL(publicUrl).origin);
  const foreign = origin === undefined ? site === 'cross-site' : !own.has(origin);
  if (foreign) throw new AdminError('csrf', 'The request comes from a page of another origin.');
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
