import type { RequestContext } from './request-context.ts';

/**
 * Whether the caller reads Anthropic's errors and headers. Its routes decide; where a path is shared by vendors (the models) or
 * unknown, the version of its API does, which only its clients send.
 */
export function speaksAnthropic({ route, request }: Pick<RequestContext, 'route' | 'request'>): boolean {
  const surface = route?.endpoint.surface;
  return surface ? surface.dialect === 'anthropic' : request.headers['anthropic-version'] !== undefined;
}
