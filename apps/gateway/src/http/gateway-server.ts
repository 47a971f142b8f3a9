import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { GatewayError } from '@penstock/contracts';
import type { Logger } from '@penstock/telemetry';
import type { CompiledConfig, CompiledProxy } from '../config/compiled-config.ts';
import { type GatewayMetrics, NONE, UNMATCHED } from '../telemetry/gateway-metrics.ts';
import type { RequestSeries } from '../telemetry/request-series.ts';
import { CLIENT_CLOSED } from './client-closed.ts';
import { failRequest, toGatewayError } from './fail-request.ts';
import { rejectConnection } from './reject-connection.ts';
import { ClientGoneError } from './read-body.ts';
import { RequestContext } from './request-context.ts';
import { checkRequestHead } from './request-head.ts';
import { type RouteMatch, unknownPath } from './route-table.ts';
import { clientRequestId, createEventId } from './request-ids.ts';

export interface GatewayServerServices {
  readonly config: () => CompiledConfig;
  readonly metrics: GatewayMetrics;
  readonly logger: Logger;
  readonly maxInFlight: number;
  readonly accessLog: boolean;
  /** Epoch ms. */
  readonly now: () => number;
}

const SERVER_OPTIONS: http.ServerOptions = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  // The whole request, body included.
  requestTimeout: 60_000,
  // How often the two are looked at; Node's default is half a minute.
  connectionsCheckingInterval: 1000,
  // Longer than load balancers keep a connection, so that it is they who close it.
  keepAliveTimeout: 65_000,
  requireHostHeader: false,
};

/** The data plane's HTTP server: checks heads, finds the endpoint, counts, and answers whatever goes wrong. */
export class GatewayServer {
  readonly server: http.Server;
  readonly #services: GatewayServerServices;
  #inFlight = 0;
  #draining = false;

  constructor(services: GatewayServerServices) {
    this.#services = services;
    this.server = http.createServer(SERVER_OPTIONS);
    this.server.on('request', (request, response) => this.#accept(request, response, false));
    this.server.on('checkContinue', (request, response) => this.#accept(request, response, true));
    this.server.on('checkExpectation', (request, response) => this.#accept(request, response, false));
    this.server.on('clientError', rejectConnection);
    this.server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
      rejectConnection(new GatewayError('method_not_allowed', 'CONNECT is not served.'), socket);
    });
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** From now on every answer closes its connection. */
  startDraining(): void {
    this.#draining = true;
  }

  #accept(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void {
    const { config, now } = this.#services;
    const id = createEventId(now());
    const requestId = clientRequestId(request.headers['x-request-id']) ?? id;
    const context = new RequestContext(request, response, config(), { id, requestId });
    context.expectsContinue = expectsContinue;
    response.sendDate = false;
    if (this.#draining) response.shouldKeepAlive = false;
    this.#inFlight += 1;
    this.#services.metrics.inFlight.inc();
    response.on('close', () => this.#closed(context));
    this.#handle(context);
  }

  #handle(context: RequestContext): void {
    try {
      this.#checkAndRoute(context);
      const handling = context.route?.endpoint.handle(context);
      if (handling) handling.catch((error: unknown) => this.#failed(context, error));
    } catch (error) {
      this.#failed(context, error);
    }
  }

  #checkAndRoute(context: RequestContext): void {
    const { request, config } = context;
    checkRequestHead(request);
    if (request.headers.expect !== undefined && !context.expectsContinue) {
      throw new GatewayError('invalid_request', 'The expectation cannot be met.', { status: 417 });
    }
    const target = request.url ?? '';
    const query = target.indexOf('?');
    const path = query < 0 ? target : target.slice(0, query);
    const paths = config.hosts?.find(request.headers.host ?? '', path) ?? config.paths;
    const match = paths.lookUp(request.method ?? '', path) ?? relayMatch(context, path);
    context.route = match.route;
    context.parameter = match.parameter;
    if (match.route.proxy !== null && this.#inFlight > this.#services.maxInFlight) {
      throw new GatewayError('overloaded', 'The gateway has too much to do.', { retryAfterMs: 1000 });
    }
  }

  #failed(context: RequestContext, thrown: unknown): void {
    if (thrown instanceof ClientGoneError) {
      context.response.destroy();
      return;
    }
    let error = toGatewayError(thrown);
    if (error.code === 'not_found' && context.config.revision === 0) {
      error = new GatewayError('no_target_available', 'The gateway has no configuration yet.', { retryAfterMs: 1000 });
    }
    if (error.code === 'internal_error') {
      this.#services.logger.error({ requestId: context.requestId, err: error.cause }, 'a request failed');
    }
    failRequest(context, error);
  }

  #closed(context: RequestContext): void {
    this.#inFlight -= 1;
    const { metrics, accessLog } = this.#services;
    metrics.inFlight.dec();
    const { response } = context;
    if (!response.writableFinished) context.follower?.onClientGone();
    const status = response.headersSent ? response.statusCode : CLIENT_CLOSED;
    const durationMs = performance.now() - context.receivedAt;
    this.#seriesOf(context).observe(context, status, durationMs);
    if (accessLog) this.#log(context, status, durationMs);
  }

  #seriesOf({ route, request, provider }: RequestContext): RequestSeries {
    const { metrics } = this.#services;
    const name = provider?.name ?? NONE;
    if (!route) {
      const labels = { route: UNMATCHED, method: request.method ?? '', provider: name, proxy: NONE };
      return metrics.request(labels, undefined);
    }
    const { template, method, proxy } = route;
    const series = (route.series ??= new Map());
    return (
      series.get(name) ?? metrics.request({ route: template, method, provider: name, proxy: nameOf(proxy) }, series)
    );
  }

  #log(context: RequestContext, status: number, durationMs: number): void {
    const { request, requestId, route, key, proxy, provider, modelId, attempts } = context;
    this.#services.logger.info(
      {
        requestId,
        method: request.method,
        route: route?.template ?? UNMATCHED,
        status,
        durationMs: Math.round(durationMs * 1000) / 1000,
        virtualKey: key?.name,
        proxy: proxy?.direct ? undefined : proxy?.name,
        provider: provider?.name,
        model: modelId || undefined,
        attempts,
      },
      'request',
    );
  }
}

/** What is relayed to a provider, at a path where nothing else stands. Throws GatewayError: not_found, method_not_allowed, invalid_request. */
function relayMatch({ request, config }: RequestContext, path: string): RouteMatch {
  const method = request.method ?? '';
  const match = config.hosts?.relayAt(request.headers.host ?? '', method, path) ?? config.paths.relayAt(method, path);
  if (!match) throw unknownPath(path);
  return match;
}

/** What is asked of a provider directly belongs to no proxy. */
function nameOf(proxy: CompiledProxy | null): string {
  return proxy && !proxy.direct ? proxy.name : NONE;
}
