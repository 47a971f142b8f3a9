import type { Organization, OrganizationManifest } from '@penstock/contracts';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, unwrap, unwrapVersioned, type Versioned } from '../../../lib/api-client.ts';
import { jsonBody } from '../../../lib/json-body.ts';

const KEY = 'organization';

/** The organization with its version. */
export const organizationQuery = queryOptions({
  queryKey: [KEY, 'one'],
  queryFn: ({ signal }): Promise<Versioned<Organization>> =>
    unwrapVersioned(api.GET('/api/v1/organization', { signal })),
  staleTime: 60_000,
});

/** In which days, weeks and months begin; UTC until it is known. */
export function useOrganizationTimeZone(): string {
  return useQuery(organizationQuery).data?.document.spec.timeZone ?? 'UTC';
}

/** Replaces the organization, unless somebody else changed it after `etag` was read. */
export function useReplaceOrganization(etag: string | null) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (manifest: OrganizationManifest) =>
      unwrap(api.PUT('/api/v1/organization', { params: { header: ifMatch(etag) }, body: jsonBody(manifest) })),
    // Reports and limits are cut by its time zone.
    onSuccess: () =>
      Promise.all([KEY, 'limits', 'usage'].map((key) => queryClient.invalidateQueries({ queryKey: [key] }))),
  });
}
