import { GatewayError } from '@penstock/contracts';
import type { CompiledKey, CompiledProxy } from '../config/compiled-config.ts';
import { answerHeaders } from '../http/answer-headers.ts';
import type { RequestContext } from '../http/request-context.ts';
import { writeWhole } from '../http/write-response.ts';
import type { Authentication } from '../pipeline/authenticate.ts';
import { identifyCaller } from '../pipeline/identify-caller.ts';
import type { KeyAccounts } from './key-accounts.ts';
import type { KeyThrottle } from './key-throttle.ts';

export interface KeyReadingServices {
  readonly authentication: Authentication;
  /** Null: this gateway has no Redis. */
  readonly accounts: KeyAccounts | null;
  /** Epoch ms. */
  readonly now: () => number;
  /** Redis could not be asked. */
  readonly onReadFault: (error: unknown) => void;
}

/** A key that asks for what is its own. */
export interface KeyReading {
  readonly key: CompiledKey;
  readonly proxy: CompiledProxy;
  readonly accounts: KeyAccounts;
}

/** Who asks, also at a proxy that is open: nobody but a key has limits and usage. Throws GatewayError. */
export function beginReading(context: RequestContext, services: KeyReadingServices, throttle: KeyThrottle): KeyReading {
  const { proxy } = context;
  if (!proxy) throw new TypeError('this endpoint stands only under a proxy');
  const key = identifyCaller(context, proxy, services.authentication);
  const { accounts } = services;
  if (!accounts) {
    throw new GatewayError('not_found', 'This gateway runs without Redis and keeps no account of keys.');
  }
  throttle.take(key.id, performance.now());
  return { key, proxy, accounts };
}

/** Asks Redis. Rejects with `limiter_unavailable` when it does not answer. */
export async function ask<T>(context: RequestContext, reading: Promise<T>, services: KeyReadingServices): Promise<T> {
  const startedAt = performance.now();
  try {
    return await reading;
  } catch (error) {
    services.onReadFault(error);
    throw new GatewayError('limiter_unavailable', 'Limits and usage cannot be read at the moment.', {
      cause: error,
      retryAfterMs: 1000,
    });
  } finally {
    context.waitedMs += performance.now() - startedAt;
  }
}

export function answerJson(context: RequestContext, body: object): void {
  if (context.response.destroyed) return;
  const headers = answerHeaders(context, 'application/json');
  headers.push('cache-control', 'no-store');
  writeWhole(context.response, 200, headers, Buffer.from(JSON.stringify(body)));
}
