import { describe, expect, it, jest } from '@jest/globals';
import { ReadingThreadEndedError } from './reading/reading-thread-handle.ts';
import { InlineReader } from './reading/inline-reader.ts';
import { encodeEnvelope, sealSnapshot, versionOfHead } from './seal-snapshot.ts';
import { SnapshotFollower } from './snapshot-follower.ts';
import type { KnownSnapshots, OriginAnswer, SnapshotOrigin } from './snapshot-origin.ts';
import type { SnapshotRefusal, SnapshotSourceFault } from './snapshot-source.ts';
import { keys, otherKeys, provider, snapshot } from './testing/snapshot-fixture.ts';

const textOf = (revision: number, signer = keys): string => encodeEnvelope(sealSnapshot(snapshot(revision), signer));

/** An origin that holds what a test says: a text, nothing, or an error. */
class HeldOrigin implements SnapshotOrigin {
  readonly name: 'redis' | 'http';
  holds: string | Error | undefined;
  fetched = 0;

  constructor(name: 'redis' | 'http', holds?: string | Error) {
    this.name = name;
    this.holds = holds;
  }

  look(known: KnownSnapshots): Promise<OriginAnswer> {
    if (this.holds instanceof Error) return Promise.reject(this.holds);
    if (this.holds === undefined) return Promise.resolve({ state: 'absent' });
    const version = versionOfHead(this.holds);
    const standing = version ? known.standing(version) : 'new';
    if (standing !== 'new') return Promise.resolve({ state: standing });
    this.fetched += 1;
    return Promise.resolve({ state: 'new', bytes: Buffer.from(this.holds), version });
  }
}

function following(...origins: SnapshotOrigin[]) {
  const reader = new InlineReader(keys);
  const clock = { time: 1_000_000, now: (): number => clock.time };
  const refused: SnapshotRefusal[] = [];
  const faults: SnapshotSourceFault[] = [];
  const events = {
    apply: () => undefined,
    onRefusal: (refusal: SnapshotRefusal) => void refused.push(refusal),
    onFault: (fault: SnapshotSourceFault) => void faults.push(fault),
  };
  const follower = new SnapshotFollower(origins, { reader, clock, events, file: undefined });
  return { follower, reader, clock, refused, faults, revision: () => follower.current?.snapshot.revision };
}

describe('a snapshot follower', () => {
  it('tries again what could not be read because the thread that reads has ended', async () => {
    const redis = new HeldOrigin('redis', textOf(4));
    const { follower, reader, refused, faults, revision } = following(redis);
    const read = jest.spyOn(reader, 'read').mockRejectedValueOnce(new ReadingThreadEndedError('out of memory'));
    await follower.look();
    expect([revision(), refused, faults]).toEqual([undefined, [], [{ origin: 'redis', reason: 'out of memory' }]]);
    await follower.look();
    expect([revision(), redis.fetched, read.mock.calls.length]).toEqual([4, 2, 2]);
  });

  it('is certain as long as an origin confirms what is in force, and grows stale when none does', async () => {
    const redis = new HeldOrigin('redis', textOf(4));
    const { follower, clock } = following(redis);
    clock.time += 5_000;
    expect(follower.stalenessMs).toBe(5_000);
    await follower.look();
    expect(follower.stalenessMs).toBe(0);
    clock.time += 10_000;
    await follower.look();
    expect(follower.stalenessMs).toBe(0);
    for (const holds of [new Error('away'), undefined, textOf(3), textOf(5, otherKeys)]) {
      redis.holds = holds;
      clock.time += 10_000;
      await follower.look();
    }
    expect(follower.stalenessMs).toBe(40_000);
    expect(follower.current?.snapshot.revision).toBe(4);
  });

  it('asks the second origin only when the first does not settle it', async () => {
    const redis = new HeldOrigin('redis', textOf(4));
    const http = new HeldOrigin('http', textOf(5));
    const { follower, revision } = following(redis, http);
    await follower.look();
    await follower.look();
    expect([revision(), http.fetched]).toEqual([4, 0]);
    redis.holds = undefined;
    await follower.look();
    expect(revision()).toBe(5);
    redis.holds = textOf(4);
    await follower.look();
    expect(revision()).toBe(5);
  });

  it('remembers what it refused from each origin, until the version changes', async () => {
    const redis = new HeldOrigin('redis', textOf(4, otherKeys));
    const { follower, refused, revision } = following(redis);
    for (let round = 0; round < 3; round += 1) await follower.look();
    expect(redis.fetched).toBe(1);
    expect(refused).toEqual([
      { revision: 4, reason: expect.stringContaining('signature'), at: '1970-01-01T00:16:40.000Z' },
    ]);
    redis.holds = textOf(5, otherKeys);
    await follower.look();
    expect([redis.fetched, refused.length]).toEqual([2, 2]);
    redis.holds = textOf(6);
    await follower.look();
    expect(revision()).toBe(6);
  });

  it('takes another snapshot of the revision in force, so that all instances end with one', async () => {
    const redis = new HeldOrigin('redis', textOf(4));
    const { follower } = following(redis);
    await follower.look();
    const rebuilt = sealSnapshot(snapshot(4, { providers: [provider(1), provider(2)] }), keys);
    expect(follower.knows({ revision: 4, checksum: rebuilt.checksum })).toBe(false);
    redis.holds = encodeEnvelope(rebuilt);
    await follower.look();
    expect(follower.current?.checksum).toBe(rebuilt.checksum);
    expect(follower.knows({ revision: 4, checksum: rebuilt.checksum })).toBe(true);
    expect(follower.knows({ revision: 3, checksum: 'a'.repeat(64) })).toBe(true);
  });

  it('trusts no revision but the signed one, whatever the head of the text claims', async () => {
    const redis = new HeldOrigin('redis', textOf(4));
    const { follower, refused, revision } = following(redis);
    await follower.look();
    redis.holds = textOf(3).replace('"revision":3', '"revision":9');
    await follower.look();
    redis.holds = ` ${textOf(3)}`;
    await follower.look();
    expect(revision()).toBe(4);
    expect(refused.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('signature'),
      expect.stringContaining('older'),
    ]);
  });

  it('reports an origin that cannot be asked and goes on', async () => {
    const { follower, faults, revision } = following(
      new HeldOrigin('redis', new Error('connection refused')),
      new HeldOrigin('http', textOf(2)),
    );
    await follower.look();
    expect(faults).toEqual([{ origin: 'redis', reason: 'connection refused' }]);
    expect(revision()).toBe(2);
  });
});
