import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { sampleEvent, sampleOpen } from '../testing/sample-usage.ts';
import { adoptOrphans, FOREIGN_SILENCE_MS } from './adopt-orphans.ts';
import { recordLine, readRecordLine } from './record-line.ts';
import { readLines } from './segment.ts';
import { Spool, SpoolFullError } from './spool.ts';

describe('the spool', () => {
  let root: string;
  let dropped: unknown[];
  let spool: Spool;

  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'penstock-spool-'));
    dropped = [];
    spool = openSpool({});
  });
  afterEach(() => {
    spool.close();
    fs.rmSync(root, { recursive: true, force: true });
  });

  function openSpool(options: {
    segmentBytes?: number;
    maxBytes?: number;
    onNearlyFull?: (share: number) => void;
  }): Spool {
    return new Spool({ directory: path.join(root, 'mine'), onDropped: (cause) => dropped.push(cause), ...options });
  }
  const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
  /** Each in a turn of its own. */
  async function recordAll(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      spool.record(sampleEvent());
      await turn();
    }
  }
  const lines = (): string[] =>
    spool.segments.flatMap(({ file, bytes }) => [...readLines(file, 0, bytes)].map(({ line }) => line));
  const ids = (): string[] => lines().map((line) => readRecordLine(line)?.id ?? 'damaged');
  const markShipped = (): void => {
    for (const segment of spool.segments) segment.shippedOffset = segment.bytes;
  };

  it('holds each record in a line, and only its owner may read it', async () => {
    const events = [sampleEvent({ requestedModel: 'a "quoted"\nname' }), sampleEvent()];
    for (const event of events) spool.record(event);
    await turn();
    expect(ids()).toEqual(events.map(({ id }) => id));
    expect(fs.statSync(spool.segments[0]?.file ?? '').mode & 0o777).toBe(0o600);
    expect(fs.statSync(path.join(root, 'mine')).mode & 0o777).toBe(0o700);
  });

  it('tells since when its oldest event waits, also before that is written', async () => {
    const now = (): number => performance.timeOrigin + performance.now();
    expect(spool.oldestPendingAtMs).toBeNull();
    const before = now();
    spool.record(sampleEvent());
    const after = now();
    const first = spool.oldestPendingAtMs;
    expect(first).toBeGreaterThanOrEqual(before);
    expect(first).toBeLessThanOrEqual(after);
    await turn();
    expect(spool.oldestPendingAtMs).toBe(first);
    await recordAll(3);
    expect(spool.oldestPendingAtMs).toBe(first);
    const [segment] = spool.segments;
    segment?.batches.push({ endOffset: segment.bytes, events: 4, lastId: '1-0' });
    segment?.confirmBatch();
    expect(spool.oldestPendingAtMs).toBeNull();
  });

  it('holds back what is recorded after a moment, to the event', async () => {
    await recordAll(2);
    spool.record(sampleEvent());
    spool.hold();
    const before = ids();
    spool.record(sampleEvent());
    expect(spool.hasUnshipped).toBe(true);
    await recordAll(2);
    const shippable = (): string[] =>
      spool.shippable.flatMap(({ file, bytes }) =>
        [...readLines(file, 0, bytes)].map(({ line }) => readRecordLine(line)?.id ?? 'damaged'),
      );
    expect(before).toHaveLength(3);
    expect(shippable()).toEqual(before);
    expect(ids()).toHaveLength(6);
    for (const segment of spool.shippable) {
      segment.batches.push({ endOffset: segment.bytes, events: segment.events, lastId: '1-0' });
      segment.shippedOffset = segment.bytes;
      segment.confirmBatch();
    }
    expect([spool.oldestPendingAtMs, spool.hasUnshipped, spool.pending]).toEqual([null, false, 3]);
    spool.hold();
    expect(shippable()).toEqual(ids());
    await recordAll(1);
    expect(shippable()).toHaveLength(6);
    spool.release();
    expect(shippable()).toHaveLength(7);
    expect(spool.oldestPendingAtMs).not.toBeNull();
  });

  it('writes the records of one turn together, at its end, and says when they are written', async () => {
    const write = jest.spyOn(fs, 'writeSync');
    const [open, event] = [sampleOpen(), sampleEvent()];
    const written: number[] = [];
    spool.open(open);
    spool.record(event, undefined, () => written.push(lines().length));
    expect({ calls: write.mock.calls.length, written, pending: spool.pending }).toEqual({
      calls: 0,
      written: [],
      pending: 1,
    });
    await turn();
    expect(write).toHaveBeenCalledTimes(1);
    expect(written).toEqual([2]);
    write.mockRestore();
    expect(ids()).toEqual([open.id, event.id]);
  });

  it('writes a turn that records very much before it is over', () => {
    const written = jest.fn();
    for (let count = 0; count < 1_000; count += 1) spool.record(sampleEvent(), undefined, written);
    expect(written.mock.calls.length).toBeGreaterThan(500);
    expect(lines()).toHaveLength(written.mock.calls.length);
  });

  it('writes what waits when it is closed', () => {
    const written = jest.fn();
    spool.record(sampleEvent(), undefined, written);
    spool.close();
    expect(written).toHaveBeenCalledTimes(1);
    expect(lines()).toHaveLength(1);
  });

  it('keeps a segment as long as a request that it opened has not ended', async () => {
    const opened = spool.open(sampleOpen());
    spool.record(sampleEvent());
    await turn();
    expect(spool.segments[0]?.unfinished).toBe(1);
    spool.record(sampleEvent(), opened);
    expect(spool.segments[0]?.unfinished).toBe(1);
    await turn();
    expect(spool.segments[0]?.unfinished).toBe(0);
  });

  it('begins a new segment before one grows too large', async () => {
    spool = openSpool({ segmentBytes: 2_000 });
    await recordAll(10);
    expect(spool.segments.length).toBeGreaterThan(3);
    for (const { bytes } of spool.segments) expect(bytes).toBeLessThanOrEqual(2_000);
    expect(lines()).toHaveLength(10);
  });

  it('drops an event that finds no room, and says so', async () => {
    spool = openSpool({ segmentBytes: 2_000, maxBytes: 6_000 });
    await recordAll(20);
    expect(spool.dropped).toBeGreaterThan(0);
    expect(lines()).toHaveLength(20 - spool.dropped);
    expect(dropped).toHaveLength(spool.dropped);
    expect(dropped[0]).toBeInstanceOf(SpoolFullError);
  });

  it('writes as many events of a turn as find room, and lets every answer go', async () => {
    spool = openSpool({ segmentBytes: 2_000, maxBytes: 6_000 });
    const written = jest.fn();
    spool.open(sampleOpen());
    for (let count = 0; count < 20; count += 1) spool.record(sampleEvent(), undefined, written);
    await turn();
    expect(written).toHaveBeenCalledTimes(20);
    expect(lines().length).toBeGreaterThan(2);
    expect(lines()).toHaveLength(20 - spool.dropped);
  });

  it('gives up what is shipped before it drops anything', async () => {
    spool = openSpool({ segmentBytes: 2_000, maxBytes: 6_000 });
    for (let count = 0; count < 20; count += 1) {
      await recordAll(1);
      markShipped();
    }
    expect(spool.dropped).toBe(0);
  });

  it('tells once that it is nearly full of what is not shipped, and again when it fills up anew', async () => {
    const shares: number[] = [];
    spool = openSpool({ segmentBytes: 2_000, maxBytes: 10_000, onNearlyFull: (share) => shares.push(share) });
    const fillUp = async (): Promise<void> => {
      while (spool.dropped === 0 && spool.fill < 0.85) await recordAll(1);
    };
    await fillUp();
    expect(shares).toHaveLength(1);
    expect(shares[0]).toBeGreaterThanOrEqual(0.8);
    markShipped();
    expect(spool.fill).toBeLessThan(0.7);
    await recordAll(3);
    expect(shares).toHaveLength(1);
    await fillUp();
    expect(shares).toHaveLength(2);
    expect(spool.dropped).toBe(0);
  });

  it('tries an event again that cannot be written, then drops it, and writes the next one whole', async () => {
    await recordAll(1);
    const write = jest.spyOn(fs, 'writeSync').mockImplementation(() => {
      throw new Error('no space left on device');
    });
    await recordAll(1);
    write.mockRestore();
    await recordAll(1);
    expect({ dropped: spool.dropped, ids: ids().length }).toEqual({ dropped: 1, ids: 2 });
  });

  describe('of a process that died', () => {
    const dead = (name: string, content: string): string => {
      const directory = path.join(root, name);
      fs.mkdirSync(directory);
      fs.writeFileSync(path.join(directory, '0000000001.ndjson'), content);
      return directory;
    };
    const adopt = async (nowMs = Date.now()): Promise<{ adopted: number; damaged: number }> => {
      let damaged = 0;
      const adopted = await adoptOrphans({ root, spool, nowMs, onDamaged: () => (damaged += 1) });
      return { adopted: adopted.length, damaged };
    };
    const line = (kind: 'open' | 'final', record: unknown): string => recordLine(kind, JSON.stringify(record));

    it('is read up to a torn end, without what is damaged', async () => {
      const [event, torn] = [sampleEvent(), line('final', sampleEvent()).slice(0, -20)];
      dead('released-0123456789ab', `${line('final', event)}\u0000\u0000nonsense\n${torn}`);
      expect(await adopt()).toEqual({ adopted: 1, damaged: 1 });
      expect(ids()).toEqual([event.id, 'damaged']);
      expect(spool.pending).toBe(1);
    });

    it('presumes what was open, with what was estimated, until the last sign of life', async () => {
      const [open, ended] = [sampleOpen(), sampleOpen()];
      const directory = dead(
        'released-0123456789ab',
        line('open', open) + line('open', ended) + line('final', sampleEvent({ id: ended.id })),
      );
      const lastSign = new Date(Date.parse(open.occurredAt) + 4_000);
      fs.utimesSync(path.join(directory, '0000000001.ndjson'), lastSign, lastSign);
      await adopt();
      await turn();
      const presumed = readRecordLine(lines().at(-1) ?? '');
      expect(presumed).toMatchObject({ kind: 'final', id: open.id });
      expect(JSON.parse(presumed?.json ?? '')).toEqual({
        ...open,
        outcome: 'presumed',
        usageSource: 'presumed',
        httpStatus: 500,
        errorCode: null,
        costMicroUsd: null,
        priceVersion: null,
        firstTokenMs: null,
        durationMs: 4_000,
      });
      expect(spool.pending).toBe(2);
    });

    it('on another host is left alone as long as that host gives signs of life', async () => {
      const directory = dead('live-00000000-1-1-0123456789ab', line('final', sampleEvent()));
      const nowMs = Date.now();
      fs.utimesSync(directory, nowMs / 1_000, nowMs / 1_000);
      expect((await adopt(nowMs + FOREIGN_SILENCE_MS - 1_000)).adopted).toBe(0);
      expect((await adopt(nowMs + FOREIGN_SILENCE_MS + 1_000)).adopted).toBe(1);
    });

    it('is nothing that has another name', async () => {
      dead('lost+found', 'nonsense');
      expect(await adopt()).toEqual({ adopted: 0, damaged: 0 });
    });
  });
});
