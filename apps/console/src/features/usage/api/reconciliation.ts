import type { Reconciliation } from '@penstock/contracts';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '../../../lib/api-client.ts';
import { ApiError } from '../../../lib/api-error.ts';

const KEY = ['usage', 'reconciliation'] as const;

/** The last check of the books; null when there has been none. */
export const reconciliationQuery = queryOptions({
  queryKey: KEY,
  queryFn: async ({ signal }): Promise<Reconciliation | null> => {
    try {
      return await unwrap(api.GET('/api/v1/usage/reconciliation', { signal }));
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null;
      throw error;
    }
  },
  refetchInterval: 30_000,
});

/** Checks the books now. */
export function useReconcile() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (): Promise<Reconciliation> => unwrap(api.POST('/api/v1/usage/reconciliation/run', {})),
    onSuccess: (result) => queryClient.setQueryData(KEY, result),
  });
}
