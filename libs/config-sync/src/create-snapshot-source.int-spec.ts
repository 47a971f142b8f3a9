import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { redisNames, type SnapshotEnvelope } from '@penstock/contracts';
import { FaultProxy, type PrivateRedis, startPrivateRedis, waitUntil } from '@penstock/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { createSnapshotSource, type SnapshotSourceOptions } from './create-snapshot-source.ts';
import { createRedisConnection } from './redis-connection.ts';
import { RedisSnapshotPublisher } from './redis-snapshot-publisher.ts';
import { encodeEnvelope, sealSnapshot } from './seal-snapshot.ts';
import type { LoadedSnapshot, SnapshotRefusal, SnapshotSourceFault } from './snapshot-source.ts';
import { versionText } from './snapshot-version.ts';
import { SilentForwarder } from './testing/silent-forwarder.ts';
import { keys, otherKeys, provider, snapshot, virtualKey } from './testing/snapshot-fixture.ts';

/** The driver's timer of a dead connection outlives it; a short one does not hold up the end of the tests. */
const connection = (port: number) => ({ host: '127.0.0.1', port, socketTimeout: 500 });

const sealed = (revision: number): SnapshotEnvelope => sealSnapshot(snapshot(revision), keys);

/** So large that it is read in a thread. */
const large = (revision: number, signer = keys): SnapshotEnvelope => {
  const virtualKeys = Array.from({ length: 3_000 }, (_, index) => virtualKey(index));
  return sealSnapshot(snapshot(revision, { virtualKeys }), signer);
};

describe('a snapshot source', () => {
  let server: PrivateRedis;
  let admin: Redis;
  let folder: string;
  let file: string;
  const endings: (() => unknown)[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'penstock-source-'));
    file = path.join(folder, 'snapshot.json');
    server = await startPrivateRedis();
    admin = createRedisConnection(connection(server.port), () => 0);
    admin.on('error', () => undefined);
    await admin.connect();
  });
  afterEach(async () => {
    for (const end of endings.splice(0)) await end();
    admin.disconnect();
    await server.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const publish = (envelope: SnapshotEnvelope) => new RedisSnapshotPublisher(admin).publish(envelope);

  function follow(options: Partial<SnapshotSourceOptions> = {}) {
    const applied: LoadedSnapshot[] = [];
    const refused: SnapshotRefusal[] = [];
    const faults: SnapshotSourceFault[] = [];
    const source = createSnapshotSource({
      redis: connection(server.port),
      keys,
      // Long, so that a test which does not speak of polling cannot pass because of it.
      pollIntervalMs: 600_000,
      jitter: () => 0,
      events: {
        apply: (loaded) => void applied.push(loaded),
        onRefusal: (refusal) => void refused.push(refusal),
        onFault: (fault) => void faults.push(fault),
      },
      ...options,
    });
    const stop = new AbortController();
    endings.push(() => stop.abort());
    const revisions = (): number[] => applied.map((loaded) => loaded.snapshot.revision);
    const revision = (): number | undefined => source.current()?.snapshot.revision;
    const listens = () =>
      waitUntil('it listens', async () => Number((await admin.pubsub('NUMSUB', redisNames.doorbell))[1]) > 0);
    return {
      source,
      applied,
      refused,
      faults,
      stop,
      start: () => source.start(stop.signal),
      revision,
      revisions,
      listens,
    };
  }

  /** A control plane that serves what it is given and notes what it is asked. */
  async function controlPlane() {
    const state: { envelope: SnapshotEnvelope | undefined; status: number; asked: (string | undefined)[] } = {
      envelope: undefined,
      status: 200,
      asked: [],
    };
    const http: Server = createServer((request, response) => {
      state.asked.push(request.headers['if-none-match']);
      const known = (request.headers['if-none-match'] ?? '').split(', ');
      if (request.url !== '/internal/v1/snapshot' || request.headers.authorization !== 'Bearer secret') {
        response.writeHead(401).end();
      } else if (state.status !== 200 || !state.envelope) {
        response.writeHead(state.envelope ? state.status : 404).end();
      } else if (known.includes(`"${versionText(state.envelope)}"`)) {
        response.writeHead(304).end();
      } else {
        response.writeHead(200, { etag: `"${versionText(state.envelope)}"` }).end(encodeEnvelope(state.envelope));
      }
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    endings.push(() => {
      http.close();
      http.closeAllConnections();
    });
    const address = http.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    return { state, httpUrl: `http://127.0.0.1:${port}`, httpToken: 'secret' };
  }

  it('follows large snapshots, which the thread that reads them fetches and keeps on disk', async () => {
    const { start, listens, applied, revisions, faults } = follow({ redis: server.url, file });
    await publish(large(1));
    await start();
    await listens();
    expect(revisions()).toEqual([1]);
    await publish(large(2));
    await waitUntil('the second one', () => applied.length === 2);
    expect(applied[1]?.snapshot.virtualKeys).toHaveLength(3_000);
    expect(applied[1]?.snapshot.virtualKeys[7]).toBe(applied[0]?.snapshot.virtualKeys[7]);
    await waitUntil('the file', () => readFileSync(file, 'utf8') === encodeEnvelope(large(2)));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(faults).toEqual([]);
  });

  it('refuses a large snapshot of another master key, keeps the file as it is, and goes on', async () => {
    const { start, listens, refused, revisions } = follow({ redis: server.url, file });
    await publish(large(1));
    await start();
    await listens();
    await waitUntil('the file', () => existsSync(file));
    await publish(large(2, otherKeys));
    await waitUntil('the refusal', () => refused.length > 0);
    expect(refused[0]).toMatchObject({ revision: 2, reason: expect.stringContaining('signature is wrong') });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ revision: 1 });
    await publish(large(3));
    await waitUntil('the third one', () => revisions().length === 2);
    expect(revisions()).toEqual([1, 3]);
  });

  describe('at the start', () => {
    it('takes the snapshot from Redis', async () => {
      await publish(sealed(5));
      const follower = follow();
      await follower.start();
      expect(follower.source.current()).toMatchObject({
        origin: 'redis',
        checksum: sealed(5).checksum,
        quarantined: [],
      });
      expect(follower.revision()).toBe(5);
      expect(follower.source.stalenessMs()).toBeLessThan(2_000);
    });

    it('takes it over HTTP when Redis is away or empty', async () => {
      const { state, httpUrl, httpToken } = await controlPlane();
      state.envelope = sealed(6);
      for (const redis of [connection(server.port), 'redis://127.0.0.1:1', undefined]) {
        const follower = follow({ redis, httpUrl, httpToken });
        await follower.start();
        expect(follower.source.current()).toMatchObject({ origin: 'http', snapshot: { revision: 6 } });
      }
    });

    it('takes the last known good file when Redis and the control plane are dead', async () => {
      await publish(sealed(5));
      const before = follow({ file });
      await before.start();
      await waitUntil('the file is saved', () => fileExists(file));
      before.stop.abort();
      await server.kill9();

      const follower = follow({ file, httpUrl: 'http://127.0.0.1:1', httpToken: 'x' });
      await follower.start();
      expect(follower.source.current()).toMatchObject({ origin: 'file', snapshot: snapshot(5) });
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(readFileSync(file, 'utf8')).toContain('v1.key.wrapped.sealed');
    });

    it('goes back to the file before when the newest is corrupted, and does without when both are', async () => {
      writeFileSync(`${file}.previous`, encodeEnvelope(sealed(4)));
      for (const corrupted of [
        encodeEnvelope(sealed(5)).slice(0, -20),
        '\u0000\u0000',
        encodeEnvelope(sealSnapshot(snapshot(5), otherKeys)),
      ]) {
        writeFileSync(file, corrupted);
        const follower = follow({ redis: undefined, file });
        await follower.start();
        expect(follower.revision()).toBe(4);
        expect(follower.faults).toMatchObject([{ origin: 'file' }]);
      }
      writeFileSync(`${file}.previous`, 'x');
      const follower = follow({ redis: undefined, file });
      await follower.start();
      expect(follower.source.current()).toBeUndefined();
    });

    it('does not hang on a Redis that accepts connections and never answers', async () => {
      const network = new FaultProxy(server.port);
      await network.listen();
      endings.push(() => network.stop());
      network.hang();
      writeFileSync(file, encodeEnvelope(sealed(4)));
      const follower = follow({ file, redis: connection(network.port) });
      const startedAt = performance.now();
      await follower.start();
      expect(performance.now() - startedAt).toBeLessThan(8_000);
      expect(follower.source.current()?.origin).toBe('file');
      network.restore();
      await publish(sealed(5));
      await waitUntil('it follows once Redis answers', () => follower.revision() === 5, { timeoutMs: 15_000 });
    });

    it('leaves out a poisoned entity and says so', async () => {
      const poisoned = { ...snapshot(5), providers: [provider(1), { ...provider(2), baseUrl: 7 }] };
      await publish(sealSnapshot(poisoned as unknown as ReturnType<typeof snapshot>, keys));
      const follower = follow();
      await follower.start();
      expect(follower.applied[0]?.snapshot).toEqual(snapshot(5));
      expect(follower.applied[0]?.quarantined).toMatchObject([{ kind: 'LlmProvider', name: 'provider-2' }]);
    });
  });

  describe('afterwards', () => {
    it('applies a published revision within a moment of the ring', async () => {
      await publish(sealed(1));
      const follower = follow({ file });
      await follower.start();
      await follower.listens();
      const tookMs: number[] = [];
      for (let revision = 2; revision <= 11; revision += 1) {
        const publishedAt = performance.now();
        await publish(sealed(revision));
        await waitUntil(`revision ${revision}`, () => follower.revision() === revision);
        tookMs.push(performance.now() - publishedAt);
      }
      const median = tookMs.sort((first, second) => first - second)[5];
      expect(median).toBeLessThan(1_000);
      await waitUntil('the file follows', () => readFileSync(file, 'utf8') === encodeEnvelope(sealed(11)));
    });

    it('converges after a burst in which rings were lost, because each new subscription looks', async () => {
      await publish(sealed(1));
      const follower = follow();
      await follower.start();
      await follower.listens();
      for (let revision = 2; revision <= 200; revision += 1) {
        if (revision % 40 === 0) await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
        await publish(sealed(revision));
      }
      await waitUntil('the end of the burst', () => follower.revision() === 200);
      await follower.listens();
      // On one connection in this order: when the ring goes out, nobody listens.
      const [killed] = await Promise.all([admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub'), publish(sealed(201))]);
      expect(killed).toBe(1);
      await waitUntil('the last revision', () => follower.revision() === 201);
      expect(follower.applied.length).toBeLessThan(200);
      expect(follower.revisions()).toEqual([...follower.revisions()].sort((first, second) => first - second));
    });

    it('converges by polling when no ring arrives at all', async () => {
      await publish(sealed(1));
      const follower = follow({ pollIntervalMs: 100 });
      await follower.start();
      await admin.set(redisNames.snapshot, encodeEnvelope(sealed(2)));
      await waitUntil('revision 2', () => follower.revision() === 2);
    });

    it('replaces connections that died without a sign', async () => {
      await publish(sealed(1));
      const network = await SilentForwarder.to(server.port);
      endings.push(() => network.close());
      const follower = follow({ redis: connection(network.port), pollIntervalMs: 100 });
      await follower.start();
      await follower.listens();
      network.silence();
      await publish(sealed(2));
      await waitUntil('revision 2', () => follower.revision() === 2, { timeoutMs: 3_000 });
      await waitUntil('the doorbell is heard again', () => network.connections === 4, { timeoutMs: 3_000 });
    });

    it('reads only the head of the snapshot while nothing is new', async () => {
      await publish(sealed(1));
      const follower = follow({ pollIntervalMs: 20 });
      await follower.start();
      await follower.listens();
      await admin.config('RESETSTAT');
      const polls = async () => Number(/cmdstat_getrange:calls=(\d+)/.exec(await admin.info('commandstats'))?.[1] ?? 0);
      await waitUntil('it has polled', async () => (await polls()) >= 5);
      expect(await admin.info('commandstats')).not.toContain('cmdstat_get:');
      expect(follower.applied).toHaveLength(1);
    });

    it('refuses a forged snapshot once, keeps the last good one and applies the next', async () => {
      await publish(sealed(1));
      const follower = follow({ pollIntervalMs: 20, file });
      await follower.start();
      await follower.listens();
      await admin.config('RESETSTAT');
      await publish(sealSnapshot(snapshot(2), otherKeys));
      await waitUntil('the refusal', () => follower.refused.length === 1);
      const polls = async () => Number(/cmdstat_getrange:calls=(\d+)/.exec(await admin.info('commandstats'))?.[1] ?? 0);
      const seen = await polls();
      await waitUntil('it has polled again', async () => (await polls()) > seen + 5);
      expect(follower.refused).toMatchObject([{ revision: 2, reason: expect.stringContaining('signature') }]);
      expect(await admin.info('commandstats')).toContain('cmdstat_get:calls=1,');
      expect(follower.revision()).toBe(1);
      expect(readFileSync(file, 'utf8')).toBe(encodeEnvelope(sealed(1)));
      await publish(sealed(3));
      await waitUntil('revision 3', () => follower.revision() === 3);
    });

    it('refuses a snapshot that cannot be compiled and keeps the last good one', async () => {
      await publish(sealed(1));
      const refused: SnapshotRefusal[] = [];
      const follower = follow({
        events: {
          apply: ({ snapshot: { revision } }) => {
            if (revision === 2) throw new Error('a regular expression does not compile');
          },
          onRefusal: (refusal) => void refused.push(refusal),
        },
      });
      await follower.start();
      await follower.listens();
      await publish(sealed(2));
      await waitUntil('the refusal', () => refused.length === 1);
      expect(refused[0]).toMatchObject({ revision: 2, reason: expect.stringContaining('does not compile') });
      expect(follower.revision()).toBe(1);
    });

    it('ignores an older revision', async () => {
      await publish(sealed(7));
      const follower = follow({ pollIntervalMs: 20 });
      await follower.start();
      await follower.listens();
      await admin.set(redisNames.snapshot, encodeEnvelope(sealed(6)));
      await admin.publish(redisNames.doorbell, JSON.stringify({ revision: 6, checksum: sealed(6).checksum }));
      await admin.publish(redisNames.doorbell, 'not a ring');
      await admin.config('RESETSTAT');
      await waitUntil('it has polled', async () =>
        (await admin.info('commandstats')).includes('cmdstat_getrange:calls=5'),
      );
      expect(follower.revisions()).toEqual([7]);
      expect(follower.refused).toEqual([]);
    });

    it('survives a restart of Redis that loses all data', async () => {
      await publish(sealed(1));
      const follower = follow();
      await follower.start();
      await follower.listens();
      await server.kill9();
      await server.start();
      await waitUntil('the admin is connected', () => admin.status === 'ready', { timeoutMs: 15_000 });
      await follower.listens();
      expect(follower.revision()).toBe(1);
      await publish(sealed(2));
      await waitUntil('revision 2', () => follower.revision() === 2);
    });

    it('follows a Redis that appears only after the start', async () => {
      await publish(sealed(1));
      await server.kill9();
      const follower = follow({ file });
      await follower.start();
      expect(follower.source.current()).toBeUndefined();
      await server.start();
      await waitUntil('the admin is connected', () => admin.status === 'ready', { timeoutMs: 15_000 });
      await publish(sealed(2));
      await waitUntil('revision 2', () => follower.revision() === 2, { timeoutMs: 15_000 });
    });

    it('follows over HTTP while Redis is dead, and asks with the ETag it has', async () => {
      const { state, httpUrl, httpToken } = await controlPlane();
      state.envelope = sealed(1);
      const follower = follow({ redis: 'redis://127.0.0.1:1', httpUrl, httpToken, pollIntervalMs: 20 });
      await follower.start();
      await waitUntil('it asks again', () => state.asked.length >= 3);
      expect(state.asked[0]).toBeUndefined();
      expect(state.asked[1]).toBe(`"${versionText(sealed(1))}"`);
      expect(follower.applied).toHaveLength(1);
      state.status = 500;
      await waitUntil('the fault', () => follower.faults.some(({ reason }) => reason.includes('500')));
      state.status = 200;
      state.envelope = sealed(2);
      await waitUntil('revision 2', () => follower.revision() === 2);
    });

    it('takes the good snapshot over HTTP when the one in Redis is forged', async () => {
      const { state, httpUrl, httpToken } = await controlPlane();
      state.envelope = sealed(2);
      await admin.set(redisNames.snapshot, encodeEnvelope(sealSnapshot(snapshot(2), otherKeys)));
      const follower = follow({ httpUrl, httpToken });
      await follower.start();
      expect(follower.source.current()).toMatchObject({ origin: 'http', snapshot: { revision: 2 } });
      expect(follower.refused).toHaveLength(1);
    });

    it('stops for good when it is told to', async () => {
      await publish(sealed(1));
      const follower = follow();
      await follower.start();
      await follower.listens();
      follower.stop.abort();
      await waitUntil(
        'nobody listens',
        async () => Number((await admin.pubsub('NUMSUB', redisNames.doorbell))[1]) === 0,
      );
      await publish(sealed(2));
      expect(follower.revision()).toBe(1);
    });
  });
});

function fileExists(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}
