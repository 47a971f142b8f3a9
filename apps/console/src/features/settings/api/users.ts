import type { CreateUser, UpdateUser } from '@penstock/contracts';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { api, unwrap } from '../../../lib/api-client.ts';
import { jsonBody } from '../../../lib/json-body.ts';

const KEY = ['users'] as const;

/** Everybody who may log in. */
export const usersQuery = queryOptions({
  queryKey: KEY,
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/users', { signal })),
});

/** Adds a user. */
export function useCreateUser() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (user: z.infer<typeof CreateUser>) => unwrap(api.POST('/api/v1/users', { body: user })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: KEY }),
  });
}

/** Changes a user's name, role, password or access. */
export function useUpdateUser(id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (changes: z.infer<typeof UpdateUser>) =>
      unwrap(api.PATCH('/api/v1/users/{id}', { params: { path: { id } }, body: jsonBody(changes) })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: KEY }),
  });
}
