import type { VirtualKey, VirtualKeyManifest } from '@penstock/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '../../../lib/api-client.ts';
import { jsonBody } from '../../../lib/json-body.ts';

/** A secret that was just issued. It lives in the component that shows it: no cache, no URL, no storage. */
export interface IssuedKey {
  readonly name: string;
  readonly secret: string;
  readonly spec: VirtualKey['spec'];
}

/** The two calls that issue a secret; plain functions, because query and mutation caches keep what they are given. */
export function useIssueKey() {
  const queryClient = useQueryClient();
  const issued = async (answer: Promise<VirtualKey>): Promise<IssuedKey> => {
    const { metadata, spec, status } = await answer;
    await queryClient.invalidateQueries({ queryKey: ['virtual-keys'] });
    if (!status.key) throw new Error('The control plane did not show the secret. Rotate the key to get a new one.');
    return { name: metadata.name, secret: status.key, spec };
  };
  return {
    create: (manifest: VirtualKeyManifest) =>
      issued(unwrap(api.POST('/api/v1/virtual-keys', { body: jsonBody(manifest) }))),
    rotate: (name: string, graceSeconds: number) =>
      issued(
        unwrap(api.POST('/api/v1/virtual-keys/{name}/rotate', { params: { path: { name } }, body: { graceSeconds } })),
      ),
  };
}
