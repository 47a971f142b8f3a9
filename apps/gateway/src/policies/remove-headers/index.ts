import { RemoveHeaders } from '@penstock/contracts';
import { policyFactory } from '../policy-factory.ts';
import { isOwnHeader } from '../own-headers.ts';

/** Takes headers off the request to the upstream, and off the answer. Those of the connection and of its framing stay. */
export const removeHeaders = policyFactory(RemoveHeaders, (params) => {
  const { requestHeaders = [], responseHeaders = [], request, response } = params;
  const upstream = [...requestHeaders, ...(request?.headers ?? [])].filter(({ name }) => !isOwnHeader(name));
  const answer = [...responseHeaders, ...(response?.headers ?? [])].filter(({ name }) => !isOwnHeader(name));
  return {
    name: RemoveHeaders.name,
    onHead(call) {
      for (const { name } of upstream) call.upstreamHeaders.set(name.toLowerCase(), null);
      for (const { name } of answer) call.answerHeaders.set(name.toLowerCase(), null);
      return undefined;
    },
  };
});
