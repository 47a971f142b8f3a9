import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startPrivateRedis, waitUntil, type PrivateRedis } from '@penstock/testing';
import { Redis } from 'ioredis';
import { UsageStreamConsumer } from './consume/usage-stream-consumer.ts';
import { createUsageSink } from './create-usage-sink.ts';
import { EventStore } from './testing/event-store.ts';

jest.setTimeout(60_000);

const clock = { now: () => Date.now() };
const script = fileURLToPath(new URL('./testing/crashing-gateway.ts', import.meta.url));

/** A gateway process and what it has acknowledged so far. */
class Gateway {
  readonly child: ChildProcess;
  #output = '';

  constructor(directory: string, url: string) {
    this.child = spawn(process.execPath, [script, directory, url], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.child.stdout?.on('data', (data: Buffer) => (this.#output += data.toString()));
  }

  ids(kind: 'open' | 'final'): string[] {
    const lines = this.#output.slice(0, this.#output.lastIndexOf('\n')).split('\n');
    return lines.filter((line) => line.startsWith(kind)).map((line) => line.slice(kind.length + 1));
  }

  async kill(): Promise<void> {
    const ended = once(this.child, 'close');
    this.child.kill('SIGKILL');
    await ended;
  }
}

/** As many as `crashing-gateway.ts` makes. */
const REQUESTS_PER_TURN = 20;

describe('usage of a gateway that is killed', () => {
  let directory: string;
  let server: PrivateRedis;
  let gateways: Gateway[];
  let store: EventStore;
  const cleanups: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'penstock-crash-'));
    server = await startPrivateRedis();
    gateways = [];
    store = new EventStore();
  });

  afterEach(async () => {
    for (const gateway of gateways) if (gateway.child.exitCode === null && !gateway.child.killed) await gateway.kill();
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
    await server.dispose();
    fs.rmSync(directory, { recursive: true, force: true });
  });

  function startGateway(url: string): Gateway {
    const gateway = new Gateway(directory, url);
    gateways.push(gateway);
    return gateway;
  }

  function connect(): Redis {
    const redis = new Redis(server.url, { retryStrategy: () => 50 });
    redis.on('error', () => undefined);
    cleanups.push(async () => redis.disconnect());
    return redis;
  }

  function recover(): { adopted: () => number; pending: () => number } {
    let adopted = 0;
    const redis = connect();
    const onAdopted = (directories: number): number => (adopted += directories);
    const sink = createUsageSink({
      directory,
      instanceId: 'gateway-after',
      redis,
      clock,
      onAdopted,
      confirmEveryMs: 100,
    });
    const consumer = new UsageStreamConsumer({ redis: connect(), consumer: 'worker', commit: store.commit, clock });
    consumer.start();
    cleanups.push(
      () => consumer.stop(),
      () => sink.close(),
    );
    return { adopted: () => adopted, pending: () => sink.pending };
  }

  function expectNothingLost(killed: readonly Gateway[]): void {
    const finals = new Set(killed.flatMap((gateway) => gateway.ids('final')));
    const opens = killed.flatMap((gateway) => gateway.ids('open'));
    const outcomes = opens.map((id) => ({ id, outcome: store.events.get(id)?.outcome ?? 'lost' }));
    const wrong = outcomes.filter(({ id, outcome }) => (finals.has(id) ? outcome !== 'completed' : outcome === 'lost'));
    expect(wrong).toEqual([]);
    const presumed = [...store.events.values()].filter(({ outcome }) => outcome === 'presumed').length;
    // At most the requests of one turn were recorded and not yet acknowledged when a process died.
    expect(store.events.size - opens.length).toBeLessThanOrEqual(killed.length * REQUESTS_PER_TURN);
    expect(presumed).toBeGreaterThanOrEqual(Math.floor(opens.length / 7) - killed.length * REQUESTS_PER_TURN);
  }

  const acknowledged = (gateway: Gateway, count: number): Promise<unknown> =>
    waitUntil(`${count} events`, () => gateway.ids('final').length >= count, { timeoutMs: 20_000 });

  it.each([
    ['while Redis is away', 'redis://127.0.0.1:1'],
    ['while it ships', ''],
  ])('is complete after kill -9 %s', async (_when, url) => {
    const killed = Array.from({ length: 2 }, () => startGateway(url || server.url));
    for (const gateway of killed) {
      await acknowledged(gateway, 1_500);
      await gateway.kill();
    }
    const recovery = recover();
    await waitUntil('everything to be committed', () => recovery.adopted() === 2 && recovery.pending() === 0, {
      timeoutMs: 20_000,
    });
    expectNothingLost(killed);
  });

  it('is not taken from a gateway that lives', async () => {
    const dead = startGateway('redis://127.0.0.1:1');
    const alive = startGateway('redis://127.0.0.1:1');
    await Promise.all([acknowledged(dead, 200), acknowledged(alive, 200)]);
    await dead.kill();
    const recovery = recover();
    await waitUntil('everything to be committed', () => recovery.adopted() === 1 && recovery.pending() === 0, {
      timeoutMs: 20_000,
    });
    expectNothingLost([dead]);
    expect(alive.ids('open').filter((id) => store.events.has(id))).toEqual([]);
  });

  it('is taken over once when several gateways start together', async () => {
    const dead = startGateway('redis://127.0.0.1:1');
    await acknowledged(dead, 200);
    await dead.kill();
    const recoveries = [recover(), recover(), recover()];
    await waitUntil('one to take over', () => recoveries.reduce((sum, { adopted }) => sum + adopted(), 0) === 1);
    await waitUntil('everything to be committed', () => recoveries.every(({ pending }) => pending() === 0), {
      timeoutMs: 20_000,
    });
    expectNothingLost([dead]);
    expect(store.deliveries).toBe(store.events.size);
  });
});
