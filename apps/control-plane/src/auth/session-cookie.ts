import { createHash, createHmac, type KeyObject } from 'node:crypto';
import type { ControlPlaneConfig } from '../config/env.ts';

/** Name and attributes of the session cookie; behind https it cannot be set by a neighbouring host. */
export interface SessionCookie {
  readonly name: string;
  readonly options: { readonly httpOnly: true; readonly sameSite: 'lax'; readonly secure: boolean; readonly path: '/' };
}

export function sessionCookie(config: Pick<ControlPlaneConfig, 'publicUrl'>): SessionCookie {
  const secure = config.publicUrl?.startsWith('https:') ?? false;
  return {
    name: secure ? '__Host-penstock_session' : 'penstock_session',
    options: { httpOnly: true, sameSite: 'lax', secure, path: '/' },
  };
}

/** What is kept of a session's token. The token has 256 random bits, so that a plain hash is enough. */
export function hashSessionToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** The CSRF token of a session: a page of another origin can neither read the cookie nor derive this from it. */
export function csrfTokenOf(sessionToken: string, key: KeyObject): string {
  return createHmac('sha256', key).update(`csrf ${sessionToken}`).digest('base64url');
}
