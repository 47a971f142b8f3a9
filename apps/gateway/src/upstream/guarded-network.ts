import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Client } from 'undici';
import type { AddressGuard } from './address-guard.ts';
import { guardedConnector } from './guarded-connector.ts';

/** One request to wherever a configuration, or a text, says. */
export interface GuardedRequest {
  readonly url: URL;
  readonly method: 'GET' | 'HEAD';
  /** For all of it, milliseconds. */
  readonly timeoutMs: number;
  /** The longest body, in bytes. */
  readonly maxBytes: number;
  readonly accept: string;
}

export interface GuardedResponse {
  readonly status: number;
  readonly body: string;
}

/** The network beside that of upstreams, under the same rule for addresses. */
export interface Network {
  /** Follows no redirect, and uses no connection twice. Rejects when there is no answer, or none within its bounds. */
  request(request: GuardedRequest): Promise<GuardedResponse>;
  /** Whether a host (a name, or an address as URLs write it) has an address that may be dialled. Rejects when DNS does not say. */
  resolves(host: string, timeoutMs: number): Promise<boolean>;
}

const MAX_HEADER_BYTES = 16 * 1024;
/** RFC 6761 §6.4: nothing of this kind ever exists. */
const NEVER = /(?:^|\.)invalid$/;
/** RFC 6761 §6.3. */
const LOOPBACK = /(?:^|\.)localhost$/;

/** The network of the process. Names are asked of DNS itself, which takes no thread as the system's lookup does. */
export class GuardedNetwork implements Network {
  readonly #guard: AddressGuard;
  readonly #createResolver: (timeoutMs: number) => Resolver;

  /** `createResolver`: another one than the system's, for a test. */
  constructor(guard: AddressGuard, createResolver = systemResolver) {
    this.#guard = guard;
    this.#createResolver = createResolver;
  }

  async request({ url, method, timeoutMs, maxBytes, accept }: GuardedRequest): Promise<GuardedResponse> {
    const client = new Client(url.origin, {
      connect: guardedConnector(this.#guard, timeoutMs),
      allowH2: false,
      maxHeaderSize: MAX_HEADER_BYTES,
      maxResponseSize: maxBytes,
    });
    try {
      const { statusCode, body } = await client.request({
        path: `${url.pathname}${url.search}`,
        method,
        headers: { accept, 'user-agent': 'penstock' },
        signal: AbortSignal.timeout(timeoutMs),
      });
      return { status: statusCode, body: await body.text() };
    } finally {
      await client.destroy();
    }
  }

  async resolves(host: string, timeoutMs: number): Promise<boolean> {
    const name = host
      .replace(/^\[|\]$/g, '')
      .replace(/\.$/, '')
      .toLowerCase();
    if (isIP(name) !== 0) return this.#guard.allows(name);
    if (LOOPBACK.test(name)) return this.#guard.allows('127.0.0.1') || this.#guard.allows('::1');
    if (NEVER.test(name)) return false;
    const resolver = this.#createResolver(timeoutMs);
    const timer = setTimeout(() => resolver.cancel(), timeoutMs);
    try {
      return await anyOf([resolver.resolve4(name), resolver.resolve6(name)], (address) => this.#guard.allows(address));
    } finally {
      clearTimeout(timer);
      resolver.cancel();
    }
  }
}

function systemResolver(timeoutMs: number): Resolver {
  return new Resolver({ timeout: timeoutMs, tries: 1 });
}

/** What DNS answers to a name that it does not have, or has without an address. */
const NAMELESS: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA']);

/** As soon as one list says yes. Rejects when none does and one could not be had. */
async function anyOf(
  lists: readonly Promise<readonly string[]>[],
  allows: (address: string) => boolean,
): Promise<boolean> {
  const judged = lists.map(async (list) => {
    if ((await list).some(allows)) return true;
    throw new NoAddressError();
  });
  try {
    return await Promise.any(judged);
  } catch (error) {
    const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
    const unknown = errors.find((one) => !saysNo(one));
    if (unknown === undefined) return false;
    throw new Error('DNS does not say', { cause: unknown });
  }
}

class NoAddressError extends Error {
  override readonly name = 'NoAddressError';
}

function saysNo(error: unknown): boolean {
  return error instanceof NoAddressError || NAMELESS.has(String((error as NodeJS.ErrnoException).code));
}
