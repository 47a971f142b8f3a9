interface Place {
  readonly pathname: string;
  readonly search: string;
}

/** The login page's address that leads back to `place` afterwards. */
export function loginPath({ pathname, search }: Place): string {
  const next = `${pathname}${search}`;
  return next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`;
}

/** Where to go after the login: only ever a page of this console, whatever the address says. */
export function placeAfterLogin(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) ? next : '/';
}
