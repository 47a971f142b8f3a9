import type { TeamManifest } from '@penstock/contracts';
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, unwrap } from '../../../lib/api-client.ts';
import { jsonBody } from '../../../lib/json-body.ts';
import type { ListQuery } from '../../../lib/list-search.ts';

const KEY = 'teams';

/** A page of the teams. */
export const teamsQuery = (query: ListQuery) =>
  queryOptions({
    queryKey: [KEY, 'list', query],
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/teams', { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });

/** Creates a team. */
export function useCreateTeam() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (manifest: TeamManifest) => unwrap(api.POST('/api/v1/teams', { body: jsonBody(manifest) })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [KEY] }),
  });
}

/** Replaces a team, unless somebody else changed it after `etag` was read. */
export function useReplaceTeam(name: string, etag: string | null) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (manifest: TeamManifest) =>
      unwrap(
        api.PUT('/api/v1/teams/{name}', {
          params: { path: { name }, header: ifMatch(etag) },
          body: jsonBody(manifest),
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [KEY] }),
  });
}

/** Deletes a team by name. */
export function useDeleteTeam() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      unwrap(api.DELETE('/api/v1/teams/{name}', { params: { path: { name }, header: ifMatch(null) } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [KEY] }),
  });
}
