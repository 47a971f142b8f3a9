import type { ConditionInput } from '@penstock/policies';
import type { RequestContext } from '../http/request-context.ts';

/** What expressions in CEL see of a request. */
export function conditionInput(
  { request, proxy, route }: RequestContext,
  metadata: ReadonlyMap<string, string>,
): ConditionInput {
  return {
    request: {
      Method: request.method ?? '',
      Path: route?.template ?? '',
      Headers: valuesOf(request.headers),
      Metadata: Object.fromEntries(metadata),
    },
    api: { Name: proxy?.name ?? '', Context: proxy?.context ?? '' },
  };
}

function valuesOf(headers: RequestContext['request']['headers']): Record<string, readonly string[]> {
  const values: Record<string, readonly string[]> = Object.create(null) as Record<string, readonly string[]>;
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) values[name] = typeof value === 'string' ? [value] : value;
  }
  return values;
}
