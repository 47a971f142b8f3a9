import { Client, type buildConnector } from 'undici';
import { UpstreamQueueError } from './upstream-queue-error.ts';
import type { UpstreamExchange } from './upstream-exchange.ts';

export interface ConnectionPoolOptions {
  readonly origin: string;
  readonly connect: buildConnector.connector;
  readonly maxConnections: number;
  /** Exchanges that may wait for a connection; further ones fail at once. */
  readonly maxQueued: number;
  /** How long an exchange may wait for a connection. */
  readonly queueTimeoutMs: number;
  /** Makes a client for the origin; a real one unless a test says otherwise. */
  readonly createClient?: (origin: string, options: Client.Options) => Client;
}

/** One connection. It never refers to the exchange that it serves, which would keep every exchange of its past alive. */
export class PooledConnection {
  readonly client: Client;
  used = false;

  constructor(client: Client) {
    this.client = client;
  }
}

/** Below uvicorn's and Node's five seconds, so that we close an idle connection before the upstream does. */
const KEEP_ALIVE_TIMEOUT_MS = 4000;
const MAX_RESPONSE_HEADER_BYTES = 32 * 1024;
/** Idle clients without a connection that are kept for the next burst. */
const SPARE_CLIENTS = 16;

/**
 * The connections to one origin: single-connection clients on a last-in-first-out free list. Taking and giving back are
 * O(1) however many are busy (undici's own Pool looks through all of them), and the most recently used one is warm.
 */
export class ConnectionPool {
  readonly #options: ConnectionPoolOptions;
  readonly #clientOptions: Client.Options;
  #idle: PooledConnection[] = [];
  #open = 0;
  #head: UpstreamExchange | null = null;
  #tail: UpstreamExchange | null = null;
  #queued = 0;
  #closed = false;

  constructor(options: ConnectionPoolOptions) {
    this.#options = options;
    this.#clientOptions = {
      connect: options.connect,
      pipelining: 1,
      allowH2: false,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      keepAliveMaxTimeout: 60_000,
      maxHeaderSize: MAX_RESPONSE_HEADER_BYTES,
    };
  }

  /** Connections that serve an exchange now. */
  get busy(): number {
    return this.#open - this.#idle.length;
  }

  get queued(): number {
    return this.#queued;
  }

  /** Starts the exchange, or lets it wait for a connection. Its listener hears of every outcome. */
  send(exchange: UpstreamExchange): void {
    exchange.pool = this;
    const connection = this.#take();
    if (connection) this.#dispatch(connection, exchange);
    else if (this.#queued >= this.#options.maxQueued) fail(exchange, 'too many requests wait for the upstream');
    else this.#enqueue(exchange);
  }

  /** The exchange is over: its connection goes to whoever waits longest, else onto the free list. */
  release(exchange: UpstreamExchange): void {
    const { connection } = exchange;
    if (connection === null) return;
    exchange.connection = null;
    connection.used = true;
    if (this.#head) this.#dispatch(connection, this.#dequeue(this.#head));
    else if (this.#closed) this.#drop(connection);
    else this.#idle.push(connection);
  }

  /** Destroys the connection of an exchange that has not been sent yet. */
  discard(exchange: UpstreamExchange, reason: Error): void {
    const { connection } = exchange;
    if (connection === null) return;
    exchange.connection = null;
    this.#open -= 1;
    connection.client.destroy(reason, ignore);
    this.#serveNext();
  }

  /** Takes a waiting exchange out of the queue. */
  cancel(exchange: UpstreamExchange): void {
    if (exchange.queued) this.#dequeue(exchange);
  }

  /** Fails exchanges that have waited too long and forgets clients whose connection is gone. Called about every second. */
  sweep(now: number): void {
    while (this.#head && now - this.#head.queuedAt > this.#options.queueTimeoutMs) {
      fail(this.#dequeue(this.#head), 'no connection to the upstream became free in time');
    }
    if (this.#idle.length <= SPARE_CLIENTS) return;
    const kept: PooledConnection[] = [];
    for (const [index, connection] of this.#idle.entries()) {
      if (index < SPARE_CLIENTS || connection.client.stats.connected) kept.push(connection);
      else this.#drop(connection);
    }
    this.#idle = kept;
  }

  /** Keeps no idle connection from now on. Exchanges of requests that began under an older snapshot still run to their end. */
  close(): void {
    this.#closed = true;
    for (const connection of this.#idle.splice(0)) this.#drop(connection);
  }

  #take(): PooledConnection | undefined {
    const idle = this.#idle.pop();
    if (idle || this.#open >= this.#options.maxConnections) return idle;
    this.#open += 1;
    const create = this.#options.createClient ?? createClient;
    return new PooledConnection(create(this.#options.origin, this.#clientOptions));
  }

  #dispatch(connection: PooledConnection, exchange: UpstreamExchange): void {
    exchange.connection = connection;
    exchange.reusedConnection = connection.used;
    try {
      connection.client.dispatch(exchange.options, exchange);
    } catch (error) {
      // An invalid request, such as a header value with a control character: it was never sent.
      const { listener } = exchange;
      exchange.listener = null;
      this.release(exchange);
      listener?.onFailure(error as Error);
    }
  }

  #drop(connection: PooledConnection): void {
    this.#open -= 1;
    connection.client.close(ignore);
  }

  #serveNext(): void {
    if (!this.#head) return;
    const connection = this.#take();
    if (connection) this.#dispatch(connection, this.#dequeue(this.#head));
  }

  #enqueue(exchange: UpstreamExchange): void {
    exchange.queued = true;
    exchange.queuedAt = performance.now();
    exchange.previous = this.#tail;
    if (this.#tail) this.#tail.next = exchange;
    else this.#head = exchange;
    this.#tail = exchange;
    this.#queued += 1;
  }

  #dequeue(exchange: UpstreamExchange): UpstreamExchange {
    if (exchange.previous) exchange.previous.next = exchange.next;
    else this.#head = exchange.next;
    if (exchange.next) exchange.next.previous = exchange.previous;
    else this.#tail = exchange.previous;
    exchange.next = null;
    exchange.previous = null;
    exchange.queued = false;
    this.#queued -= 1;
    return exchange;
  }
}

function createClient(origin: string, options: Client.Options): Client {
  return new Client(origin, options);
}

function fail(exchange: UpstreamExchange, reason: string): void {
  const { listener } = exchange;
  exchange.listener = null;
  listener?.onFailure(new UpstreamQueueError(reason));
}

function ignore(): void {
  // Closing an idle connection has no outcome that anybody waits for.
}
