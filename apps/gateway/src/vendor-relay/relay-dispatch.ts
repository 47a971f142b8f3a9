import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { GatewayError } from '@penstock/contracts';
import type { CompiledProvider } from '../config/compiled-config.ts';
import type { ActiveRequests, Watched } from '../dispatch/active-requests.ts';
import { headerMap } from '../dispatch/header-map.ts';
import type { AnswerEnd } from '../dispatch/relay.ts';
import { ServerChoice } from '../dispatch/server-choice.ts';
import { tighterTimeouts } from '../dispatch/tighter-timeouts.ts';
import { CLIENT_CLOSED } from '../http/client-closed.ts';
import { failRequest, toGatewayError } from '../http/fail-request.ts';
import type { ClientFollower, RequestContext } from '../http/request-context.ts';
import { endAnswer } from '../http/write-response.ts';
import type { Settlement } from '../pipeline/settlement.ts';
import { UpstreamExchange, type UpstreamListener } from '../upstream/upstream-exchange.ts';
import { isClosedConnection, readUpstreamFailure } from '../upstream/upstream-failure.ts';
import { BoundedBody } from './bounded-body.ts';
import { relayAnswerHeaders, relayedHeaders, relayedQuery } from './relay-headers.ts';
import type { RelayPath } from './relay-path.ts';

const CLIENT_STALL_MS = 60_000;
/** HTTP has no statuses beyond it (RFC 9110 §15). */
const MAX_STATUS = 599;

/** An admitted request that is passed on as it is. */
export interface RelayOrder {
  readonly context: RequestContext;
  readonly provider: CompiledProvider;
  readonly place: RelayPath;
  /** The largest body. */
  readonly maxBytes: number;
  readonly settlement: Settlement;
  /** From 0 up to 1, exclusive. */
  readonly random: () => number;
  /** Something threw that should not have; the request is answered all the same. */
  readonly onFault: (error: unknown) => void;
}

/** Passes one request on to a vendor, and what it answers back, both as fast as the other side reads. It is asked once, and settled once. */
export class RelayDispatch implements UpstreamListener, ClientFollower, Watched {
  slot = -1;
  readonly #order: RelayOrder;
  readonly #active: ActiveRequests;
  readonly #servers: ServerChoice;
  #exchange: UpstreamExchange | null = null;
  #body: BoundedBody | null = null;
  #sentAt = 0;
  #status = 0;
  #deadlineAt = Infinity;
  /** When the client stopped reading, on the monotonic clock; 0 while it reads. */
  #stalledSince = 0;
  #resent = false;
  #told = false;
  #finished = false;

  constructor(order: RelayOrder, active: ActiveRequests) {
    this.#order = order;
    this.#active = active;
    this.#servers = new ServerChoice(order.random);
  }

  start(): void {
    const { context, provider } = this.#order;
    this.#active.add(this);
    context.follower = this;
    context.provider = provider;
    context.attempts = 1;
    context.response.on('drain', () => {
      this.#stalledSince = 0;
      this.#exchange?.resume();
    });
    try {
      this.#servers.choose(provider, performance.now());
      this.#body = this.#openBody();
      this.#send();
    } catch (error) {
      this.#order.onFault(error);
      this.#conclude(toGatewayError(error));
    }
  }

  onResponse(status: number, headers: IncomingHttpHeaders): void {
    const { context, provider } = this.#order;
    context.waitedMs += performance.now() - this.#sentAt;
    this.#tell(status >= 500 ? 'failed' : 'succeeded');
    if (status === 401 || status === 407) {
      // It is the gateway's credential that was refused, of which the answer may say more than the caller may know.
      this.#exchange?.abort();
      this.#conclude(provider.adapter.readError(401, headerMap({}), '').error);
      return;
    }
    if (status > MAX_STATUS) {
      this.#exchange?.abort();
      this.#conclude(new GatewayError('upstream_error', `The upstream answered with status ${status}.`));
      return;
    }
    this.#status = status;
    const list = relayAnswerHeaders(context, headers);
    if (!context.request.complete) list.push('connection', 'close');
    context.response.writeHead(status, list);
    context.response.flushHeaders();
  }

  onData(chunk: Buffer): void {
    if (this.#finished || this.#order.context.response.write(chunk)) return;
    this.#exchange?.pause();
    this.#stalledSince = performance.now();
  }

  onEnd(): void {
    const status = this.#status;
    this.#finish({ outcome: status < 400 ? 'completed' : 'failed', status, error: null });
    endAnswer(this.#order.context.response);
  }

  onFailure(error: Error): void {
    const exchange = this.#exchange;
    const wasClosed = exchange?.reusedConnection && !exchange.responded && isClosedConnection(error);
    if (wasClosed && !this.#body && !this.#resent) {
      // The upstream closed an idle connection just when it was used again: it has not seen the request.
      this.#resent = true;
      this.#send();
      return;
    }
    if (error instanceof GatewayError) {
      this.#conclude(error);
      return;
    }
    const failure = readUpstreamFailure(error);
    this.#tell(failure.target);
    this.#conclude(failure.error);
  }

  onClientGone(): void {
    if (this.#finished) return;
    this.#exchange?.abort();
    this.#finish({ outcome: 'client-closed', status: CLIENT_CLOSED, error: null });
  }

  check(now: number): void {
    if (now > this.#deadlineAt) {
      this.#exchange?.abort();
      this.#tell('failed');
      this.#conclude(new GatewayError('upstream_timeout', 'The upstream did not finish in time.'));
    } else if (this.#stalledSince > 0 && now - this.#stalledSince > CLIENT_STALL_MS) {
      this.#order.context.response.destroy();
    } else this.#order.settlement.renew(now);
  }

  shutDown(): void {
    this.#exchange?.abort();
    this.#conclude(new GatewayError('overloaded', 'The gateway is shutting down.', { retryAfterMs: 1000 }));
  }

  #openBody(): BoundedBody | null {
    const { context, maxBytes } = this.#order;
    const { request, response, expectsContinue } = context;
    const { headers } = request;
    if (headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0') return null;
    if (expectsContinue) response.writeContinue();
    return new BoundedBody(request, maxBytes);
  }

  #send(): void {
    const { context, provider, place } = this.#order;
    const { baseUrl, pool } = this.#servers.current ?? provider;
    const { origin, hostname, pathname } = new URL(baseUrl);
    const timeouts = tighterTimeouts(provider, context.proxy);
    const prefix = pathname.replace(/\/+$/, '');
    this.#exchange = new UpstreamExchange(
      {
        origin,
        path: prefix + place.path + relayedQuery(place.query, context, provider),
        method: (context.request.method ?? 'GET') as 'GET',
        headers: relayedHeaders(context, provider),
        body: this.#body,
        headersTimeout: timeouts.firstByteMs,
        bodyTimeout: timeouts.idleMs,
        // The caller's Host header must not decide over whose certificate is accepted.
        ...(provider.keepsHost && isIP(hostname.replaceAll(/[[\]]/g, '')) === 0 && { servername: hostname }),
      },
      this,
    );
    this.#sentAt = performance.now();
    this.#deadlineAt = timeouts.totalMs === 0 ? Infinity : context.receivedAt + timeouts.totalMs;
    pool.send(this.#exchange);
  }

  #tell(verdict: Parameters<ServerChoice['tell']>[0]): void {
    if (this.#told) return;
    this.#told = true;
    this.#servers.tell(verdict, performance.now());
  }

  /** Answers with an error, or breaks off an answer that has begun. */
  #conclude(error: GatewayError): void {
    if (this.#finished) return;
    const { context } = this.#order;
    this.#finish({ outcome: 'failed', status: context.response.headersSent ? this.#status : error.status, error });
    failRequest(context, error);
  }

  #finish(end: Pick<AnswerEnd, 'outcome' | 'status' | 'error'>): void {
    if (this.#finished) return;
    this.#finished = true;
    const { context, settlement } = this.#order;
    this.#active.delete(this);
    context.follower = null;
    this.#tell('unknown');
    this.#body?.destroy();
    const books: AnswerEnd = { ...end, usage: null, outputTokensSeen: 0, spent: false };
    settlement.settle(books);
    context.policies?.ended(books);
  }
}
