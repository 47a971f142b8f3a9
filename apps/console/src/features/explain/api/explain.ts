import type { ExplainRequest, ExplainResult } from '@penstock/contracts';
import { useMutation } from '@tanstack/react-query';
import { api, unwrap } from '../../../lib/api-client.ts';
import { jsonBody } from '../../../lib/json-body.ts';

/** Asks what gateways would do with a request; nothing is sent anywhere. */
export function useExplain() {
  return useMutation({
    mutationFn: async (request: ExplainRequest) =>
      (await unwrap(api.POST('/api/v1/config/explain', { body: jsonBody(request) }))) as ExplainResult,
  });
}
