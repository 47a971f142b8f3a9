import type { Session } from '@penstock/contracts';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, unwrap } from './api-client.ts';
import { ApiError } from './api-error.ts';
import { setCsrfToken } from './csrf-token.ts';
import { SESSION_KEY } from './query-client.ts';

/** Who is logged in; null for nobody. */
export const sessionQuery = queryOptions({
  queryKey: SESSION_KEY,
  queryFn: fetchSession,
  staleTime: Infinity,
  retry: false,
});

async function fetchSession({ signal }: { signal: AbortSignal }): Promise<Session | null> {
  try {
    const session = await unwrap(api.GET('/api/v1/auth/session', { signal }));
    setCsrfToken(session.csrfToken);
    return session;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

/** What the logged-in user may do; nothing while that is unknown. */
export interface Permissions {
  /** Change resources. */
  readonly canWrite: boolean;
  /** Change users. */
  readonly canManageUsers: boolean;
}

/** The permissions of the session's role. */
export function usePermissions(): Permissions {
  const role = useQuery(sessionQuery).data?.user.role;
  return { canWrite: role === 'owner' || role === 'admin', canManageUsers: role === 'owner' };
}
