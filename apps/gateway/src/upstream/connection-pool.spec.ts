import http from 'node:http';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildConnector, type Client, type Dispatcher } from 'undici';
import { ConnectionPool } from './connection-pool.ts';
import { UpstreamExchange, type UpstreamListener } from './upstream-exchange.ts';

/** Counts every look at a client, so that work is measured and not time. */
class CountingClients {
  touches = 0;
  readonly handlers: Dispatcher.DispatchHandler[] = [];
  closed = 0;

  readonly create = (): Client => {
    const client = {
      dispatch: (_options: unknown, handler: Dispatcher.DispatchHandler) => this.handlers.push(handler),
      close: () => (this.closed += 1),
      destroy: () => (this.closed += 1),
      stats: { connected: true },
    };
    const counted = new Proxy(client, {
      get: (target, name: keyof typeof client) => {
        this.touches += 1;
        return target[name];
      },
    });
    return counted as unknown as Client;
  };
}

const controller = { abort: () => undefined } as unknown as Dispatcher.DispatchController;
const options: Dispatcher.DispatchOptions = { path: '/', method: 'POST' };

class Recorder implements UpstreamListener {
  readonly seen: string[] = [];
  onEnd(): void {
    this.seen.push('end');
  }
  onFailure(error: Error): void {
    this.seen.push(error.message);
  }
  onResponse(status: number): void {
    this.seen.push(String(status));
  }
  onData(chunk: Buffer): void {
    this.seen.push(chunk.toString());
  }
}

function poolOf(clients: CountingClients, maxConnections = 10_000, maxQueued = 10): ConnectionPool {
  const connector = buildConnector({});
  return new ConnectionPool({
    origin: 'http://h',
    connect: connector,
    maxConnections,
    maxQueued,
    queueTimeoutMs: 1000,
    createClient: clients.create,
  });
}

describe('ConnectionPool', () => {
  it('does the same work per exchange however many connections are busy', () => {
    const work = (busy: number): number => {
      const clients = new CountingClients();
      const pool = poolOf(clients);
      for (let index = 0; index < busy; index += 1) pool.send(new UpstreamExchange(options, new Recorder()));
      clients.touches = 0;
      for (let index = 0; index < 100; index += 1) {
        const exchange = new UpstreamExchange(options, new Recorder());
        pool.send(exchange);
        exchange.onResponseEnd();
      }
      expect(pool.busy).toBe(busy);
      return clients.touches;
    };
    expect(work(5000)).toBe(work(1));
  });

  it('uses the connection again that was given back last', () => {
    const clients = new CountingClients();
    const pool = poolOf(clients);
    const [first, second] = [
      new UpstreamExchange(options, new Recorder()),
      new UpstreamExchange(options, new Recorder()),
    ];
    pool.send(first);
    pool.send(second);
    const { connection } = second;
    first.onResponseEnd();
    second.onResponseEnd();
    const third = new UpstreamExchange(options, new Recorder());
    pool.send(third);
    expect(third.connection).toBe(connection);
    expect([third.reusedConnection, second.reusedConnection]).toEqual([true, false]);
  });

  it('lets exchanges wait in order, within bounds of number and time', () => {
    const clients = new CountingClients();
    const pool = poolOf(clients, 1, 2);
    const recorders = Array.from({ length: 4 }, () => new Recorder());
    const exchanges = recorders.map((recorder) => new UpstreamExchange(options, recorder));
    for (const exchange of exchanges) pool.send(exchange);
    expect(recorders[3]?.seen).toEqual(['too many requests wait for the upstream']);
    exchanges[1]?.abort();
    expect(pool.queued).toBe(1);
    exchanges[0]?.onResponseEnd();
    expect(clients.handlers).toEqual([exchanges[0], exchanges[2]]);
    const late = new Recorder();
    pool.send(new UpstreamExchange(options, late));
    pool.sweep(performance.now() + 2000);
    expect(late.seen).toEqual(['no connection to the upstream became free in time']);
  });

  it('lets running exchanges end after it was closed', () => {
    const clients = new CountingClients();
    const pool = poolOf(clients);
    const recorder = new Recorder();
    const exchange = new UpstreamExchange(options, recorder);
    pool.send(exchange);
    pool.close();
    expect(clients.closed).toBe(0);
    exchange.onResponseEnd();
    expect([recorder.seen, clients.closed]).toEqual([['end'], 1]);
  });

  it('destroys the connection of an exchange that is aborted while it connects', () => {
    const clients = new CountingClients();
    const pool = poolOf(clients);
    const exchange = new UpstreamExchange(options, new Recorder());
    pool.send(exchange);
    exchange.abort();
    expect([clients.closed, pool.busy]).toEqual([1, 0]);
  });
});

describe('UpstreamExchange', () => {
  it('has no closures: nothing that it holds is a function of its own', () => {
    const exchange = new UpstreamExchange(options, new Recorder());
    poolOf(new CountingClients()).send(exchange);
    exchange.onRequestStart(controller);
    expect(Object.values(exchange).filter((value) => typeof value === 'function')).toEqual([]);
  });

  it('lets go of everything when it is over', () => {
    const exchange = new UpstreamExchange(options, new Recorder());
    const pool = poolOf(new CountingClients());
    pool.send(exchange);
    const { connection } = exchange;
    exchange.onResponseEnd();
    expect([exchange.listener, exchange.connection, exchange.next, exchange.previous]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(Object.values(connection ?? {})).not.toContain(exchange);
  });

  it('tells nobody anything after it was aborted', () => {
    const recorder = new Recorder();
    const exchange = new UpstreamExchange(options, recorder);
    poolOf(new CountingClients()).send(exchange);
    exchange.onRequestStart(controller);
    exchange.abort();
    exchange.onResponseStart(controller, 200, {});
    exchange.onResponseData(controller, Buffer.from('x'));
    exchange.onResponseError(controller, new Error('aborted'));
    expect(recorder.seen).toEqual([]);
  });
});

describe('a connection that is used again', () => {
  const upstream = http.createServer((request, response) => request.resume().on('end', () => response.end('ok')));
  const echo = createServer((socket) => socket.on('data', (data) => socket.write(data)));
  const listen = (server: http.Server | typeof echo) =>
    new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
    );
  let ports: number[] = [];

  beforeAll(async () => {
    ports = [await listen(upstream), await listen(echo)];
  });
  afterAll(() => {
    upstream.closeAllConnections();
    upstream.close();
    echo.close();
  });

  /** Milliseconds of the middle one of many runs. */
  const median = async (run: () => Promise<void>): Promise<number> => {
    const times: number[] = [];
    for (let index = 0; index < 200; index += 1) {
      const startedAt = performance.now();
      await run();
      times.push(performance.now() - startedAt);
    }
    return times.sort((a, b) => a - b)[100] ?? 0;
  };

  it('waits for no timer: sequential exchanges take little longer than a bare socket', async () => {
    const socket: Socket = connect(ports[1] ?? 0, '127.0.0.1').setNoDelay(true);
    const bare = await median(
      () =>
        new Promise((resolve) => {
          socket.once('data', () => resolve());
          socket.write('x');
        }),
    );
    const pool = new ConnectionPool({
      origin: `http://127.0.0.1:${ports[0]}`,
      connect: buildConnector({ allowH2: false }),
      maxConnections: 1,
      maxQueued: 1,
      queueTimeoutMs: 1000,
    });
    const pooled = await median(
      () =>
        new Promise((resolve, reject) => {
          const listener = { onResponse: () => undefined, onData: () => undefined, onEnd: resolve, onFailure: reject };
          pool.send(new UpstreamExchange({ path: '/', method: 'POST', body: 'x' }, listener));
        }),
    );
    socket.destroy();
    pool.close();
    // A reuse that waits for a timer takes more than a millisecond, which is some thirty times a bare round trip.
    expect(pooled).toBeLessThan(Math.max(bare * 15, 0.9));
  });
});
