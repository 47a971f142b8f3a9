import { SetHeaders } from '@penstock/contracts';
import { policyFactory } from '../policy-factory.ts';
import { isOwnHeader } from '../own-headers.ts';

/** Sets headers of the request to the upstream, and of the answer. Those of the connection and of its framing stay. */
export const setHeaders = policyFactory(SetHeaders, (params) => {
  const { requestHeaders = [], responseHeaders = [], request, response } = params;
  const upstream = [...requestHeaders, ...(request?.headers ?? [])].filter(({ name }) => !isOwnHeader(name));
  const answer = [...responseHeaders, ...(response?.headers ?? [])].filter(({ name }) => !isOwnHeader(name));
  return {
    name: SetHeaders.name,
    onHead(call) {
      for (const { name, value } of upstream) call.upstreamHeaders.set(name.toLowerCase(), value);
      for (const { name, value } of answer) call.answerHeaders.set(name.toLowerCase(), value);
      return undefined;
    },
  };
});
