import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { sampleEvent, sampleOpen } from '../testing/sample-usage.ts';
import { adoptOrphans, FOREIGN_SILENCE_MS } from './adopt-orphans.ts';
import { readRecordLine } from './record-line.ts';
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

  function openSpool(options: { segmentBytes?: number; maxBytes?: number }): Spool {
    return new Spool({ directory: path.join(root, 'mine'), onDropped: (cause) => dropped.push(cause), ...options });
  }
  const lines = (): string[] =>
    spool.segments.flatMap(({ file, bytes }) => [...readLines(file, 0, bytes)].map(({ line }) => line));
  const ids = (): string[] => lines().map((line) => readRecordLine(line)?.id ?? 'damaged');
  const markShipped = (): void => {
    for (const segment of spool.segments) segment.shippedOffset = segment.bytes;
  };

  it('holds each record in a line, and only its owner may read it', () => {
    const events = [sampleEvent({ requestedModel: 'a "quoted"\nname' }), sampleEvent()];
    for (const event of events) spool.record(event);
    expect(ids()).toEqual(events.map(({ id }) => id));
    expect(fs.statSync(spool.segments[0]?.file ?? '').mode & 0o777).toBe(0o600);
    expect(fs.statSync(path.join(root, 'mine')).mode & 0o777).toBe(0o700);
  });

  it('writes the open records of one turn together, before the next turn', async () => {
    const write = jest.spyOn(fs, 'writeSync');
    const opens = [sampleOpen(), sampleOpen()];
    for (const open of opens) spool.open(open);
    expect(write).not.toHaveBeenCalled();
    await new Promise((resolve) => setImmediate(resolve));
    expect(write).toHaveBeenCalledTimes(1);
    write.mockRestore();
    expect(ids()).toEqual(opens.map(({ id }) => id));
  });

  it('keeps a segment as long as a request that it opened has not ended', () => {
    const opened = spool.open(sampleOpen());
    spool.record(sampleEvent());
    expect(spool.segments[0]?.unfinished).toBe(1);
    spool.record(sampleEvent(), opened);
    expect(spool.segments[0]?.unfinished).toBe(0);
  });

  it('begins a new segment before one grows too large', () => {
    spool = openSpool({ segmentBytes: 2_000 });
    for (let count = 0; count < 10; count += 1) spool.record(sampleEvent());
    expect(spool.segments.length).toBeGreaterThan(3);
    for (const { bytes } of spool.segments) expect(bytes).toBeLessThanOrEqual(2_000);
    expect(lines()).toHaveLength(10);
  });

  it('drops an event that finds no room, and says so', () => {
    spool = openSpool({ segmentBytes: 2_000, maxBytes: 6_000 });
    for (let count = 0; count < 20; count += 1) spool.record(sampleEvent());
    expect(spool.dropped).toBeGreaterThan(0);
    expect(lines()).toHaveLength(20 - spool.dropped);
    expect(dropped).toHaveLength(spool.dropped);
    expect(dropped[0]).toBeInstanceOf(SpoolFullError);
  });

  it('gives up what is shipped before it drops anything', () => {
    spool = openSpool({ segmentBytes: 2_000, maxBytes: 6_000 });
    for (let count = 0; count < 20; count += 1) {
      spool.record(sampleEvent());
      markShipped();
    }
    expect(spool.dropped).toBe(0);
  });

  it('drops an event that cannot be written, and writes the next one whole', () => {
    spool.record(sampleEvent());
    const write = jest.spyOn(fs, 'writeSync').mockImplementationOnce(() => {
      throw new Error('no space left on device');
    });
    spool.record(sampleEvent());
    write.mockRestore();
    spool.record(sampleEvent());
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
    const line = (kind: string, record: unknown): string => `${JSON.stringify({ [kind]: record })}\n`;

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
