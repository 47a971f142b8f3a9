import { RemoveHeaders } from '@penstock/contracts';
import { policyFactory } from '../policy-factory.ts';
import { isOwnHeader } from '../own-headers.ts';

/** Takes headers off the request to the upstream, and off the answer. Those of the connection and of its framing stay. */
export const removeHeaders = policyFactory(RemoveHeaders, ({ requestHeaders = [], responseHeaders = [] }) => {
  const upstream = requestHeaders.filter(({ name }) => !isOwnHeader(name));
  const answer = responseHeaders.filter(({ name }) => !isOwnHeader(name));
  return {
    name: RemoveHeaders.name,
    onHead(call) {
      for (const { name } of upstream) call.upstreamHeaders.set(name.toLowerCase(), null);
      for (const { name } of answer) call.answerHeaders.set(name.toLowerCase(), null);
      return undefined;
    },
  };
});
