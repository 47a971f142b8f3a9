import type { IncomingHttpHeaders } from 'node:http';
import type { HeaderMap } from '@penstock/providers';

/** The last value of a repeated header. */
export function headerMap(headers: IncomingHttpHeaders): HeaderMap {
  const map: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined) map[name] = last;
  }
  return map;
}
