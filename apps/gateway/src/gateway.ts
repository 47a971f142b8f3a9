import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@penstock/telemetry';
import type { Backends, GatewayState } from './backends.ts';
import type { ConfigHolder } from './config/config-holder.ts';
import type { ActiveRequests } from './dispatch/active-requests.ts';
import type { GatewayServer } from './http/gateway-server.ts';
import type { GatewayMetrics } from './telemetry/gateway-metrics.ts';
import type { UpstreamPools } from './upstream/upstream-pools.ts';

export interface GatewayParts {
  readonly backends: Backends;
  readonly config: ConfigHolder;
  readonly server: GatewayServer;
  readonly active: ActiveRequests;
  readonly pools: UpstreamPools;
  readonly metrics: GatewayMetrics;
  readonly logger: Logger;
  readonly drainDelayMs: number;
  readonly drainTimeoutMs: number;
}

/** How often waiting requests and pools are looked at. */
const CARE_INTERVAL_MS = 250;
const CLOSE_IDLE_INTERVAL_MS = 1000;
const HURRIED_DRAIN_MS = 5000;
const FLUSH_DEADLINE_MS = 5000;
/** For the error frames of requests that were stopped. */
const LAST_WORDS_MS = 500;

/** One data-plane process: starts, serves, and ends without losing a request or a usage event. */
export class Gateway {
  readonly #parts: GatewayParts;
  readonly #following = new AbortController();
  readonly #hurry = new AbortController();
  #care: NodeJS.Timeout | undefined;
  #state: 'starting' | 'serving' | 'draining' = 'starting';
  #draining: Promise<void> | undefined;

  constructor(parts: GatewayParts) {
    this.#parts = parts;
  }

  /** Whether it has begun to listen. */
  get hasStarted(): boolean {
    return this.#state !== 'starting';
  }

  get isReady(): boolean {
    return this.#state === 'serving' && this.#parts.config.isUsable(performance.now());
  }

  get metrics(): GatewayMetrics {
    return this.#parts.metrics;
  }

  /** Takes the first config it can get, then listens. Rejects when the port cannot be had. */
  async start(listen: {
    readonly host: string;
    readonly port: number;
    readonly shared: boolean;
  }): Promise<AddressInfo> {
    const { backends, server } = this.#parts;
    await backends.source.start(this.#following.signal);
    backends.start();
    this.#care = setInterval(() => this.#takeCare(), CARE_INTERVAL_MS);
    server.server.listen({ host: listen.host, port: listen.port, reusePort: listen.shared, backlog: 4096 });
    await once(server.server, 'listening');
    this.#state = 'serving';
    backends.reportState();
    return server.server.address() as AddressInfo;
  }

  describe(): GatewayState {
    const { config, server } = this.#parts;
    return {
      appliedRevision: config.current.revision,
      appliedChecksum: config.current.checksum,
      appliedAt: config.appliedAt,
      refusal: config.refusal,
      quarantined: config.quarantined,
      inFlight: server.inFlight,
      draining: this.#state === 'draining',
    };
  }

  /** Lets a drain end within seconds. */
  hurry(): void {
    this.#hurry.abort();
  }

  /** Ends gracefully. Resolves when everything is written and closed. */
  drain(): Promise<void> {
    this.#draining ??= this.#drain();
    return this.#draining;
  }

  async #drain(): Promise<void> {
    const { backends, server, active, drainDelayMs, drainTimeoutMs, logger } = this.#parts;
    this.#state = 'draining';
    backends.reportState();
    logger.info({ inFlight: server.inFlight }, 'draining');
    await this.#wait(drainDelayMs);
    server.startDraining();
    server.server.close();
    await this.#untilIdle(drainTimeoutMs);
    if (server.inFlight > 0) {
      active.shutDown();
      await delay(LAST_WORDS_MS);
      server.server.closeAllConnections();
    }
    await this.#close();
    logger.info('drained');
  }

  async #untilIdle(timeoutMs: number): Promise<void> {
    const { server } = this.#parts;
    let deadline = performance.now() + timeoutMs;
    let nextCloseIdle = 0;
    while (server.inFlight > 0 && performance.now() < deadline) {
      if (this.#hurry.signal.aborted) deadline = Math.min(deadline, performance.now() + HURRIED_DRAIN_MS);
      if (performance.now() >= nextCloseIdle) {
        server.server.closeIdleConnections();
        nextCloseIdle = performance.now() + CLOSE_IDLE_INTERVAL_MS;
      }
      await delay(50);
    }
    server.server.closeIdleConnections();
  }

  async #close(): Promise<void> {
    const { backends, pools } = this.#parts;
    clearInterval(this.#care);
    this.#following.abort();
    await backends.sink.flush(FLUSH_DEADLINE_MS);
    await backends.close();
    pools.close();
  }

  async #wait(milliseconds: number): Promise<void> {
    if (milliseconds === 0) return;
    await delay(milliseconds, undefined, { signal: this.#hurry.signal }).catch(() => undefined);
  }

  #takeCare(): void {
    const now = performance.now();
    this.#parts.active.check(now);
    this.#parts.pools.sweep(now);
  }
}
