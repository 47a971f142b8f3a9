let current: string | null = null;

/** Keeps the session's CSRF token for the writes that follow; null forgets it. In memory only. */
export function setCsrfToken(token: string | null): void {
  current = token;
}

/** The CSRF token of the session, null without one. */
export function csrfToken(): string | null {
  return current;
}
