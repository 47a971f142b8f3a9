import type { IncomingHttpHeaders } from 'node:http';
import { Cors } from '@penstock/contracts';
import type { z } from 'zod';
import type { HeaderList } from '../../http/write-response.ts';
import { policyFactory } from '../policy-factory.ts';
import { originMatcher } from './origin-matcher.ts';

type CorsParams = z.output<typeof Cors.params>;

const TOKENS = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+(\s*,\s*[A-Za-z0-9!#$%&'*+.^_`|~-]+)*$/;
const MAX_ASKED_LENGTH = 2_048;
const METHOD = /^[A-Z]{1,16}$/;

/** Answers preflight requests (the Fetch standard's CORS protocol), and marks answers as readable for the allowed origins. */
export const cors = policyFactory(Cors, (params) => {
  const allows = originMatcher(params.allowedOrigins);
  const allowsAll = params.allowedOrigins.includes('*');
  const forOrigin = (origin: string | undefined): HeaderList | null => {
    if (allowsAll) return ['access-control-allow-origin', '*'];
    if (origin === undefined || !allows(origin)) return null;
    const credentials = params.allowCredentials ? ['access-control-allow-credentials', 'true'] : [];
    return ['access-control-allow-origin', origin, ...credentials];
  };
  return {
    name: Cors.name,
    onPreflight({ context }) {
      const { headers } = context.request;
      const vary = ['vary', 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers'];
      const origin = forOrigin(headers.origin);
      if (!origin || headers.origin === undefined) return vary;
      return [...origin, ...vary, ...allowances(params, headers)];
    },
    onHead({ context, answerHeaders }) {
      if (!allowsAll) answerHeaders.set('vary', 'Origin');
      const told = context.request.headers.origin === undefined ? null : forOrigin(context.request.headers.origin);
      if (!told) return undefined;
      for (let index = 0; index < told.length; index += 2) answerHeaders.set(told[index] ?? '', told[index + 1] ?? '');
      if (params.exposedHeaders.length > 0) {
        answerHeaders.set('access-control-expose-headers', params.exposedHeaders.join(', '));
      }
      return undefined;
    },
  };
});

/** What may be sent: as configured; where everything is allowed, what the browser asks for, since `*` means nothing beside credentials. */
function allowances(params: CorsParams, asked: IncomingHttpHeaders): HeaderList {
  const { allowedMethods, allowedHeaders, maxAge } = params;
  const method = asked['access-control-request-method'] ?? '';
  const methods = allowedMethods.includes('*') ? (METHOD.test(method) ? method : '') : allowedMethods.join(', ');
  const wanted = asked['access-control-request-headers'] ?? '';
  const isList = wanted.length <= MAX_ASKED_LENGTH && TOKENS.test(wanted);
  const headers = allowedHeaders && !allowedHeaders.includes('*') ? allowedHeaders.join(', ') : isList ? wanted : '';
  return [
    ...(methods === '' ? [] : ['access-control-allow-methods', methods]),
    ...(headers === '' ? [] : ['access-control-allow-headers', headers]),
    'access-control-max-age',
    String(maxAge),
  ];
}
