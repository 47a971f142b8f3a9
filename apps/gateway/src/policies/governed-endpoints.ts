import type { Endpoint, EndpointDefinition } from '../endpoints/endpoint.ts';
import { answerHeaders } from '../http/answer-headers.ts';
import { endResponse } from '../http/end-response.ts';
import { answerPolicy } from './answer-policy.ts';
import { beginPolicies } from './begin-policies.ts';
import type { PolicyAnswer } from './policy.ts';

/** The same endpoint behind the policies that look at heads; those that ask models run all of them themselves. */
export function governed(definition: EndpointDefinition): EndpointDefinition {
  const { surface, operation } = definition.endpoint;
  if (surface) return definition;
  const endpoint: Endpoint = {
    ...(operation !== undefined && { operation }),
    handle(context) {
      const answerAfter = (early: PolicyAnswer | undefined): void | Promise<void> => {
        if (!early) return definition.endpoint.handle(context);
        answerPolicy(context, early);
      };
      const head = beginPolicies(context)?.head();
      return head instanceof Promise ? head.then(answerAfter) : answerAfter(head);
    },
  };
  return { ...definition, endpoint };
}

/** Where a browser asks, before it sends a request to the endpoint, whether it may. */
export function preflightOf(definition: EndpointDefinition): EndpointDefinition {
  return { ...definition, method: 'OPTIONS', endpoint: PREFLIGHT };
}

const NO_CONTENT = 204;

/** What a browser is told that asks before it sends. */
export const PREFLIGHT: Endpoint = {
  handle(context) {
    const told = beginPolicies(context)?.preflight() ?? [];
    const headers = answerHeaders(context, 'text/plain');
    // Without content there is nothing that has a type.
    context.response.writeHead(NO_CONTENT, [...headers.slice(2), ...told]);
    endResponse(context.response);
  },
};
