import { Resolver } from 'node:dns/promises';
import { setTimeout } from 'node:timers/promises';

// Given to a gateway with `--import`, so that it asks no DNS: names that begin with `good` have a public address, those with `slow`
// have one after a while, and others have none.

const SLOW_MS = 300;
const running = new WeakMap<Resolver, AbortController>();

async function addressesOf(this: Resolver, name: string): Promise<string[]> {
  const controller = running.get(this) ?? new AbortController();
  running.set(this, controller);
  if (name.startsWith('slow')) await setTimeout(SLOW_MS, undefined, { signal: controller.signal });
  if (name.startsWith('good') || name.startsWith('slow')) return ['93.184.216.34'];
  throw Object.assign(new Error(`queryA ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
}

function cancel(this: Resolver): void {
  running.get(this)?.abort();
}

Object.assign(Resolver.prototype, { resolve4: addressesOf, resolve6: addressesOf, cancel });
