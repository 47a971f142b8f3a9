import type { AlertChannel, AlertChannelManifest, AlertTest } from '@penstock/contracts';
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, unwrap } from '../../../lib/api-client.ts';
import { jsonBody } from '../../../lib/json-body.ts';
import type { ListQuery } from '../../../lib/list-search.ts';

const KEY = 'alert-channels';

interface AlertChannelPage {
  readonly items: AlertChannel[];
  readonly total: number;
  readonly nextCursor: string | null;
}

/** A page of the channels. */
export const alertChannelsQuery = (query: ListQuery) =>
  queryOptions({
    queryKey: [KEY, 'list', query],
    queryFn: ({ signal }): Promise<AlertChannelPage> =>
      unwrap(api.GET('/api/v1/alert-channels', { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });

/** What saving a channel may bring to light: the signing secret that the server has made, shown this once. */
export interface SavedChannel {
  readonly name: string;
  readonly signingSecret: string | null;
}

/** The two calls that save a channel; plain functions, because mutation caches keep what they are given. */
export function useSaveAlertChannel() {
  const queryClient = useQueryClient();
  const saved = async (answer: Promise<AlertChannel>): Promise<SavedChannel> => {
    const { metadata, status } = await answer;
    await queryClient.invalidateQueries({ queryKey: [KEY] });
    return { name: metadata.name, signingSecret: status.signingSecret ?? null };
  };
  return {
    create: (manifest: AlertChannelManifest) =>
      saved(unwrap(api.POST('/api/v1/alert-channels', { body: jsonBody(manifest) }))),
    replace: (name: string, manifest: AlertChannelManifest) =>
      saved(
        unwrap(
          api.PUT('/api/v1/alert-channels/{name}', {
            params: { path: { name }, header: ifMatch(null) },
            body: jsonBody(manifest),
          }),
        ),
      ),
  };
}

/** Turns a channel on or off. */
export function useEnableAlertChannel() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ name, enabled }: { readonly name: string; readonly enabled: boolean }) =>
      unwrap(
        api.PATCH('/api/v1/alert-channels/{name}', {
          params: { path: { name }, header: ifMatch(null) },
          body: jsonBody({ spec: { enabled } }),
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [KEY] }),
  });
}

/** Deletes a channel by name. */
export function useDeleteAlertChannel() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      unwrap(api.DELETE('/api/v1/alert-channels/{name}', { params: { path: { name }, header: ifMatch(null) } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [KEY] }),
  });
}

/** Sends a test alert to a saved channel. */
export function useTestAlertChannel() {
  return useMutation({
    mutationFn: (name: string): Promise<AlertTest> =>
      unwrap(api.POST('/api/v1/alert-channels/{name}/test', { params: { path: { name } } })),
  });
}
