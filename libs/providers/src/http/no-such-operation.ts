import type { Operation } from '@penstock/contracts';

/** A request that must not have come so far: targets are chosen by what their adapter has. Throws `TypeError`. */
export function noSuchOperation(template: string, operation: Operation): never {
  throw new TypeError(`an upstream of template '${template}' has no operation '${operation}'`);
}
