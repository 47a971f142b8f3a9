import type { CanonicalEvent } from '@penstock/dialects';
import type { StreamFilter } from './policy.ts';

type Events = readonly CanonicalEvent[];

/** Several filters in a row as one, which waits only where one of them does. */
export function chainFilters(filters: readonly StreamFilter[]): StreamFilter {
  const [only] = filters;
  if (only && filters.length === 1) return only;
  return { push: (event) => pushThrough(filters, [event]) };
}

function pushThrough(filters: readonly StreamFilter[], events: Events): Events | Promise<Events> {
  let current = events;
  for (const [index, filter] of filters.entries()) {
    const passed = pushAll(filter, current);
    if (passed instanceof Promise) return passed.then((found) => pushThrough(filters.slice(index + 1), found));
    current = passed;
  }
  return current;
}

function pushAll(filter: StreamFilter, events: Events): Events | Promise<Events> {
  const passed: CanonicalEvent[] = [];
  for (const [index, event] of events.entries()) {
    const found = filter.push(event);
    if (found instanceof Promise) return pushRest(filter, { passed, found, rest: events.slice(index + 1) });
    passed.push(...found);
  }
  return passed;
}

async function pushRest(
  filter: StreamFilter,
  { passed, found, rest }: { readonly passed: Events; readonly found: Promise<Events>; readonly rest: Events },
): Promise<Events> {
  return [...passed, ...(await found), ...(await pushAll(filter, rest))];
}
