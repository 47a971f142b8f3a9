import type { CreateAdminToken } from '@penstock/contracts';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { api, unwrap } from '../../../lib/api-client.ts';

const KEY = ['admin-tokens'] as const;

/** The admin tokens, without their secrets. */
export const adminTokensQuery = queryOptions({
  queryKey: KEY,
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/admin-tokens', { signal })),
});

/** Issues a token; a plain function, because query and mutation caches keep what they are given. */
export function useIssueAdminToken() {
  const queryClient = useQueryClient();
  return async (body: z.infer<typeof CreateAdminToken>): Promise<string> => {
    const { token } = await unwrap(api.POST('/api/v1/admin-tokens', { body }));
    await queryClient.invalidateQueries({ queryKey: KEY });
    if (!token) throw new Error('The control plane did not show the token. Delete it and create another.');
    return token;
  };
}

/** Deletes a token; it stops working at once. */
export function useDeleteAdminToken() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(api.DELETE('/api/v1/admin-tokens/{id}', { params: { path: { id } } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: KEY }),
  });
}
