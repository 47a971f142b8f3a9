import { lookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import type { AddressGuard } from './address-guard.ts';

/** The upstream's address may not be dialled. */
export class AddressNotAllowedError extends Error {
  override readonly name = 'AddressNotAllowedError';
  readonly code = 'ADDRESS_NOT_ALLOWED';
}

/**
 * A connector that checks every address before it is dialled: literals here, since no lookup is made for them, and the
 * answers of DNS in the lookup that the socket itself uses, so that nothing can change in between.
 */
export function guardedConnector(guard: AddressGuard, connectTimeoutMs: number): buildConnector.connector {
  const connect = buildConnector({ timeout: connectTimeoutMs, allowH2: false, lookup: guardedLookup(guard) });
  return (options, callback) => {
    if (isIP(options.hostname) !== 0 && !guard.allows(options.hostname)) {
      queueMicrotask(() => callback(notAllowed(options.hostname), null));
      return;
    }
    connect(options, callback);
  };
}

function guardedLookup(guard: AddressGuard): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const allowed = error ? [] : addresses.filter(({ address }) => guard.allows(address));
      const [first] = allowed;
      if (error || !first) callback(error ?? notAllowed(hostname), '', 0);
      else if (options.all) callback(null, allowed satisfies LookupAddress[]);
      else callback(null, first.address, first.family);
    });
  };
}

function notAllowed(hostname: string): AddressNotAllowedError {
  return new AddressNotAllowedError(`The address of ${hostname} is not allowed for upstreams.`);
}
