import { GatewayError, RequestSize } from '@penstock/contracts';
import { policyFactory } from '../policy-factory.ts';

/** Refuses bodies that are larger: by what the head says, before authentication, and else as soon as too much was read. */
export const requestSize = policyFactory(RequestSize, ({ maxBytes }) => ({
  name: RequestSize.name,
  onHead(call) {
    if (Number(call.context.request.headers['content-length'] ?? 0) > maxBytes) {
      throw new GatewayError('payload_too_large', `The body is larger than ${maxBytes} bytes.`);
    }
    call.maxBodyBytes = Math.min(call.maxBodyBytes, maxBytes);
    return undefined;
  },
}));
