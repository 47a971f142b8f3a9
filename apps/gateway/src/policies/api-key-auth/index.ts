import { ApiKeyAuth } from '@penstock/contracts';
import type { RequestContext } from '../../http/request-context.ts';
import type { PolicyAnswer } from '../policy.ts';
import { policyFactory } from '../policy-factory.ts';

const REFUSAL: PolicyAnswer = {
  status: 401,
  contentType: 'application/json',
  body: Buffer.from(JSON.stringify({ error: 'Unauthorized', message: 'Valid API key required' })),
  headers: ['x-should-retry', 'false'],
};

/** Says where the key of a request stands. Everything else about keys is the gateway's own: they are virtual keys. */
export const apiKeyAuth = policyFactory(ApiKeyAuth, ({ key, in: place, valuePrefix = '' }) => {
  const header = key.toLowerCase();
  const read = place === 'header' ? headerReader(header, valuePrefix) : queryReader(key, valuePrefix);
  return {
    name: ApiKeyAuth.name,
    onHead(call) {
      if (place === 'header') call.upstreamHeaders.set(header, null);
      const value = read(call.context);
      call.credential = { value, refusal: REFUSAL, ...(place === 'header' && { header }) };
      return undefined;
    },
  };
});

function headerReader(name: string, prefix: string): (context: RequestContext) => string {
  return ({ request }) => {
    const value = request.headers[name];
    return typeof value === 'string' ? withoutPrefix(value, prefix) : '';
  };
}

/** A name that stands twice names nothing: servers differ in which of the two they take. */
function queryReader(name: string, prefix: string): (context: RequestContext) => string {
  return ({ request }) => {
    const target = request.url ?? '';
    const start = target.indexOf('?');
    const values = start < 0 ? [] : new URLSearchParams(target.slice(start + 1)).getAll(name);
    return values.length === 1 ? withoutPrefix(values[0] ?? '', prefix) : '';
  };
}

/** '' where the prefix is missing. It is compared without case, as the schemes of HTTP are. */
function withoutPrefix(value: string, prefix: string): string {
  const text = value.trim();
  if (!text.toLowerCase().startsWith(prefix.toLowerCase())) return '';
  return text.slice(prefix.length).trim();
}
