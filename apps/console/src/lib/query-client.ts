import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './api-error.ts';

/** Query key of the session; null means that nobody is logged in. */
export const SESSION_KEY = ['session'] as const;

/** A query client that sends the admin to the login page when the session has ended. */
export function createQueryClient(): QueryClient {
  const onError = (error: Error): void => {
    if (error instanceof ApiError && error.status === 401) client.setQueryData(SESSION_KEY, null);
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { staleTime: 5_000, retry: retryUnlessRefused },
      // What a write sent may hold a credential: nothing of it stays once the form is gone.
      mutations: { gcTime: 0 },
    },
  });
  return client;
}

function retryUnlessRefused(failures: number, error: Error): boolean {
  const refused = error instanceof ApiError && error.status >= 400 && error.status < 500;
  return !refused && failures < 2;
}
