import type { LlmProviderManifest, ProviderTest } from '@penstock/contracts';
import { useMutation } from '@tanstack/react-query';
import { api, unwrap } from '../../../lib/api-client.ts';
import { jsonBody } from '../../../lib/json-body.ts';

/** A connection to try: what the form says about it. */
export interface ConnectionDraft {
  readonly template: string;
  readonly upstream: LlmProviderManifest['spec']['upstream'];
  /** The saved provider whose credential is used where the draft has none. */
  readonly provider?: string;
}

/** Tries a connection as the form describes it, without storing anything. */
export function useTestDraft() {
  return useMutation({
    mutationFn: (draft: ConnectionDraft): Promise<ProviderTest> =>
      unwrap(api.POST('/api/v1/llm-providers/test', { body: jsonBody(draft) })),
  });
}

/** Tries the connection of a saved provider, with its stored credential. */
export function useTestProvider() {
  return useMutation({
    mutationFn: (name: string): Promise<ProviderTest> =>
      unwrap(api.POST('/api/v1/llm-providers/{name}/test', { params: { path: { name } } })),
  });
}
