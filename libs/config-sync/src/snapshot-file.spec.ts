import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { encodeEnvelope, sealSnapshot } from './seal-snapshot.ts';
import { SnapshotFile } from './snapshot-file.ts';
import { keys, snapshot } from './testing/snapshot-fixture.ts';

const textOf = (revision: number): string => encodeEnvelope(sealSnapshot(snapshot(revision), keys));
const bytesOf = (revision: number): Buffer => Buffer.from(textOf(revision));

describe('the file of the last known good snapshot', () => {
  let folder: string;
  let target: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'penstock-snapshot-'));
    target = path.join(folder, 'state', 'snapshot.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function candidates(file: SnapshotFile): Promise<string[]> {
    const texts: string[] = [];
    for await (const bytes of file.candidates()) texts.push(bytes.toString());
    return texts;
  }

  it('is nothing at first', async () => {
    expect(await candidates(new SnapshotFile(target))).toEqual([]);
  });

  it('keeps the newest and the one before, for its owner only', async () => {
    const file = new SnapshotFile(target);
    await Promise.all([1, 2, 3].map((revision) => file.save(bytesOf(revision))));
    expect(await candidates(file)).toEqual([textOf(3), textOf(2)]);
    expect(statSync(target).mode & 0o777).toBe(0o600);
    expect(statSync(`${target}.previous`).mode & 0o777).toBe(0o600);
    expect(readdirSync(path.dirname(target)).sort()).toEqual(['snapshot.json', 'snapshot.json.previous']);
  });

  it('keeps the one before when another process has saved the same', async () => {
    await new SnapshotFile(target).save(bytesOf(1));
    await new SnapshotFile(target).save(bytesOf(2));
    await new SnapshotFile(target).save(bytesOf(2));
    expect(await candidates(new SnapshotFile(target))).toEqual([textOf(2), textOf(1)]);
  });

  it('is complete at every moment while it is replaced', async () => {
    const file = new SnapshotFile(target);
    await file.save(bytesOf(1));
    const texts = new Set([1, 2, 3, 4, 5].map(textOf));
    let replaced = false;
    const saving = Promise.all([2, 3, 4, 5].map((revision) => file.save(bytesOf(revision)))).finally(() => {
      replaced = true;
    });
    while (!replaced) {
      expect(texts.has(readFileSync(target, 'utf8'))).toBe(true);
      await setImmediate();
    }
    await saving;
  });

  it('is written again when the disk holds only a part of it', async () => {
    const file = new SnapshotFile(target);
    await file.save(bytesOf(1));
    writeFileSync(target, textOf(1).slice(0, 200));
    await file.save(bytesOf(1));
    expect(readFileSync(target, 'utf8')).toBe(textOf(1));
  });

  it('tells when it cannot be written, and can be written later', async () => {
    const file = new SnapshotFile(target);
    writeFileSync(path.join(folder, 'state'), 'in the way');
    await expect(file.save(bytesOf(1))).rejects.toThrow();
    rmSync(path.join(folder, 'state'));
    await file.save(bytesOf(2));
    expect(await candidates(file)).toEqual([textOf(2)]);
  });
});
