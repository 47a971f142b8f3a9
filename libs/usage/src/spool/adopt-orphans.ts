import fs from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { OpenUsage } from '../usage-sink.ts';
import { presumedEvent } from './presumed-event.ts';
import { currentProcess, isAlive, ownedName, ownerOf, releasedName } from './process-identity.ts';
import { readRecordLine } from './record-line.ts';
import { readLines, Segment } from './segment.ts';
import type { Spool } from './spool.ts';

/** A process of another host is taken for dead when it has not touched its directory for so long. */
export const FOREIGN_SILENCE_MS = 120_000;

export interface AdoptOptions {
  /** Where the directories of all processes lie. */
  readonly root: string;
  /** Takes over the segments, and gets the presumed events. */
  readonly spool: Spool;
  readonly nowMs: number;
  /** A line that is no record was skipped. */
  readonly onDamaged: (file: string) => void;
}

/**
 * Takes over what dead processes left: the directory is renamed, which only one process can do, so that nothing is taken
 * twice and nothing is taken from the living. A request without a final record becomes a presumed event. Returns the
 * directories that now belong to this process.
 */
export async function adoptOrphans(options: AdoptOptions): Promise<string[]> {
  const adopted: string[] = [];
  for (const name of fs.readdirSync(options.root)) {
    if (!isOrphan(path.join(options.root, name), options.nowMs)) continue;
    const directory = claim(options.root, name);
    if (!directory) continue;
    try {
      await replay(directory, options);
    } catch (error) {
      fs.renameSync(directory, path.join(options.root, releasedName())); // for the next try
      throw error;
    }
    adopted.push(directory);
  }
  return adopted;
}

function isOrphan(directory: string, nowMs: number): boolean {
  const owner = ownerOf(path.basename(directory));
  if (owner === undefined) return false;
  if (owner === null) return true;
  const alive = isAlive(owner);
  if (alive !== undefined) return !alive;
  const touchedMs = fs.statSync(directory, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
  return nowMs - touchedMs > FOREIGN_SILENCE_MS;
}

function claim(root: string, name: string): string | undefined {
  const directory = path.join(root, ownedName(currentProcess()));
  try {
    fs.renameSync(path.join(root, name), directory);
    return directory;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined; // another process was first
    throw error;
  }
}

async function replay(directory: string, { spool, onDamaged }: AdoptOptions): Promise<void> {
  const segments: Segment[] = [];
  const unfinished = new Map<string, OpenUsage>();
  let lastSignMs = 0;
  for (const name of fs.readdirSync(directory).sort()) {
    if (!name.endsWith('.ndjson')) continue;
    const segment = new Segment(path.join(directory, name));
    lastSignMs = Math.max(lastSignMs, fs.statSync(segment.file).mtimeMs);
    readSegment(segment, unfinished, onDamaged);
    segments.push(segment);
    await setImmediate(); // a segment takes tens of milliseconds; requests go on in between
  }
  spool.adopt(segments);
  for (const open of unfinished.values()) spool.record(presumedEvent(open, lastSignMs));
  if (segments.length === 0) fs.rmSync(directory, { recursive: true, force: true });
}

function readSegment(segment: Segment, unfinished: Map<string, OpenUsage>, onDamaged: (file: string) => void): void {
  const { size } = fs.statSync(segment.file);
  for (const { line, endOffset } of readLines(segment.file, 0, size)) {
    segment.bytes = endOffset;
    const record = readRecordLine(line);
    if (!record) onDamaged(segment.file);
    else if (record.kind === 'open') unfinished.set(record.id, JSON.parse(record.json) as OpenUsage);
    else {
      unfinished.delete(record.id);
      segment.events += 1;
    }
  }
  // A line without an end was never acknowledged.
  if (segment.bytes < size) fs.truncateSync(segment.file, segment.bytes);
}
