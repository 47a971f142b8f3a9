import { isIP } from 'node:net';

/** Whose certificate is accepted, where the Host header says nothing about that; nothing for addresses. */
export function serverNameOf(origin: string): { readonly servername?: string } {
  const { hostname } = new URL(origin);
  return isIP(hostname.replaceAll(/[[\]]/g, '')) === 0 ? { servername: hostname } : {};
}
