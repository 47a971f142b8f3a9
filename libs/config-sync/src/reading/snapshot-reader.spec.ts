import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SnapshotRefusedError } from '../open-envelope.ts';
import { encodeEnvelope, sealSnapshot } from '../seal-snapshot.ts';
import { keys, otherKeys, provider, proxy, snapshot, virtualKey } from '../testing/snapshot-fixture.ts';
import { createSnapshotReader } from './create-snapshot-reader.ts';
import { InlineReader } from './inline-reader.ts';
import { ReadingThreadEndedError } from './reading-thread-handle.ts';
import type { SnapshotReader } from './snapshot-reader.ts';
import { ThreadReader } from './thread-reader.ts';

const bytesOf = (value: ReturnType<typeof snapshot>, signer = keys): Buffer =>
  Buffer.from(encodeEnvelope(sealSnapshot(value, signer)));

describe.each([
  ['where it is called', () => new InlineReader(keys)],
  ['in a thread', () => new ThreadReader(keys)],
])('a reader of snapshots %s', (_, create: () => SnapshotReader) => {
  let reader: SnapshotReader;
  const start = (): SnapshotReader => (reader = create());
  afterEach(() => reader.close());
  const read = async (value: ReturnType<typeof snapshot>) => (await reader.read(bytesOf(value), 'redis')).snapshot;

  it('gives what was sealed, and says where it came from', async () => {
    const sealed = sealSnapshot(snapshot(3), keys);
    const loaded = await start().read(Buffer.from(encodeEnvelope(sealed)), 'file');
    expect(loaded).toEqual({ snapshot: snapshot(3), checksum: sealed.checksum, origin: 'file', quarantined: [] });
  });

  it('gives the same objects for what is written as before, wherever it stands, and new ones for everything else', async () => {
    start();
    const keyNumbers = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 40 });
    const versions = fc.array(fc.tuple(keyNumbers, fc.integer({ min: 0, max: 2 })), { minLength: 2, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(versions, async (rounds) => {
        let known = new Map<string, object>();
        for (const [round, [numbers, version]] of rounds.entries()) {
          const virtualKeys = numbers.map((number) => virtualKey(number));
          const proxies = [proxy(1), proxy(2, { context: `/version-${version}` })];
          const given = snapshot(round + 1, { virtualKeys, proxies });
          const { virtualKeys: keysRead, proxies: proxiesRead, ...rest } = await read(given);
          expect({ ...rest, virtualKeys: keysRead, proxies: proxiesRead }).toEqual(given);
          const all = [...keysRead, ...proxiesRead];
          if (round > 0) {
            for (const one of all.filter((entity) => known.has(JSON.stringify(entity)))) {
              expect(known.get(JSON.stringify(one))).toBe(one);
            }
          }
          known = new Map(all.map((entity) => [JSON.stringify(entity), entity]));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('refuses what is not signed with its key, and goes on with what it had read before', async () => {
    start();
    const before = await read(snapshot(1));
    const refused = await reader.read(bytesOf(snapshot(2), otherKeys), 'redis').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(SnapshotRefusedError);
    expect(refused).toMatchObject({ revision: 2, message: expect.stringContaining('signature is wrong') });
    const after = await read(snapshot(3));
    expect(after.providers[0]).toBe(before.providers[0]);
  });

  it('tells what it has left out', async () => {
    const bad = { ...provider(2), baseUrl: 5 } as unknown as ReturnType<typeof provider>;
    const { snapshot: whole, quarantined } = await start().read(
      bytesOf(snapshot(1, { providers: [provider(1), bad] })),
      'redis',
    );
    expect(whole.providers).toEqual([provider(1)]);
    expect(quarantined).toEqual([expect.objectContaining({ kind: 'LlmProvider', name: 'provider-2' })]);
  });

  it('begins anew after it was closed', async () => {
    start();
    const before = await read(snapshot(1));
    reader.close();
    const after = await read(snapshot(1));
    expect(after).toEqual(before);
    expect(after.providers[0]).not.toBe(before.providers[0]);
  });
});

describe('a reader in a thread', () => {
  it('tells when Redis cannot be asked, has nothing to keep then, and reads on', async () => {
    const reader = new ThreadReader(keys);
    await expect(reader.fetch('redis://127.0.0.1:1')).rejects.toThrow('Connection is closed');
    await expect(reader.saveHeld('/nowhere')).rejects.toThrow('holds no envelope');
    expect((await reader.read(bytesOf(snapshot(1)), 'http')).snapshot).toEqual(snapshot(1));
    reader.close();
  });

  it('does not take the snapshot for bad when the thread is gone that held it', async () => {
    const reader = new ThreadReader(keys);
    reader.close();
    await expect(reader.read('held by the reading thread', 'redis')).rejects.toThrow(ReadingThreadEndedError);
    reader.close();
  });

  it('tells who waits for an answer when it is closed', async () => {
    const reader = new ThreadReader(keys);
    const reading = reader.read(bytesOf(snapshot(1)), 'redis').catch((error: unknown) => String(error));
    reader.close();
    expect(await reading).toContain('the reading thread ended');
  });
});

describe('the reader of a gateway', () => {
  it('reads snapshots of every size, also when it grows and shrinks', async () => {
    const reader = createSnapshotReader(keys, 20_000);
    for (const count of [2, 200, 201, 2, 200]) {
      const given = snapshot(count, { virtualKeys: Array.from({ length: count }, (_, index) => virtualKey(index)) });
      expect((await reader.read(bytesOf(given), 'redis')).snapshot).toEqual(given);
    }
    reader.close();
  });
});
