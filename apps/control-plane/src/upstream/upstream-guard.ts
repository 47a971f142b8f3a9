import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { refuseAddress } from './address-policy.ts';
import type { CidrList } from './cidr-list.ts';

const METADATA_NAMES = new Set(['metadata.google.internal', 'metadata.goog', 'instance-data']);
const RESOLVE_DEADLINE_MS = 2_000;

/** Resolves a host name to all of its addresses. */
export type ResolveAll = (host: string) => Promise<readonly string[]>;

/** Keeps upstream URLs away from the operator's own network and from metadata services. */
export class UpstreamGuard {
  readonly #allowList: CidrList;
  readonly #resolve: ResolveAll;

  constructor(allowList: CidrList, resolve: ResolveAll = resolveAll) {
    this.#allowList = allowList;
    this.#resolve = resolve;
  }

  /**
   * Why the URL's host may not be dialled, in words for the admin (never with a resolved address); undefined when it may. A
   * name that does not resolve now is not refused: every dial checks the address again.
   */
  async refusal(url: string): Promise<string | undefined> {
    const host = hostOf(url);
    if (METADATA_NAMES.has(host)) return 'The host is a metadata service.';
    const addresses = isIP(host) ? [host] : await this.#addressesOf(host);
    return this.refusalOf(addresses);
  }

  /** The same for addresses that were just resolved. */
  refusalOf(addresses: readonly string[]): string | undefined {
    for (const address of addresses) {
      const refusal = refuseAddress(address, this.#allowList);
      if (refusal === 'metadata') return 'The host is a metadata service.';
      if (refusal === 'private')
        return 'The host is not on the public internet and not in PENSTOCK_UPSTREAM_ALLOW_CIDRS.';
    }
    return undefined;
  }

  async #addressesOf(host: string): Promise<readonly string[]> {
    const deadline = Promise.withResolvers<readonly string[]>();
    const timer = setTimeout(() => deadline.resolve([]), RESOLVE_DEADLINE_MS);
    try {
      return await Promise.race([this.#resolve(host), deadline.promise]);
    } catch {
      return []; // unknown today; the dial decides
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The host of a URL: lower case, without brackets and trailing dot, as WHATWG URL reads it (so `127.1` is `127.0.0.1`). */
export function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

async function resolveAll(host: string): Promise<readonly string[]> {
  const addresses = await lookup(host, { all: true, verbatim: true });
  return addresses.map((entry) => entry.address);
}
