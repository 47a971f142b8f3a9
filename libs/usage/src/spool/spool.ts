import fs from 'node:fs';
import path from 'node:path';
import type { UsageEvent } from '@penstock/contracts';
import type { OpenedUsage, OpenUsage } from '../usage-sink.ts';
import { recordLine } from './record-line.ts';
import { Segment } from './segment.ts';

export interface SpoolOptions {
  /** Of this process alone; made with mode 0700. */
  readonly directory: string;
  /** A segment ends before it grows beyond this; 8 MiB where it is left out. */
  readonly segmentBytes?: number;
  /** All segments together, also adopted ones; 1 GiB where it is left out. */
  readonly maxBytes?: number;
  /** An event was lost; `cause` says why. Also counted in {@link Spool.dropped}. */
  readonly onDropped: (cause: unknown) => void;
  /** Told when the spool is 80 % full of what may not be given up, and again after it had fallen below 70 %; `share` is 0 to 1. */
  readonly onNearlyFull?: ((share: number) => void) | undefined;
}

/** There is no room for an event, and nothing that could be given up for it. */
export class SpoolFullError extends Error {
  override readonly name = 'SpoolFullError';
}

/** A final record that is not written yet. */
interface WaitingFinal {
  readonly line: string;
  readonly opened: OpenedUsage | undefined;
  readonly written: (() => void) | undefined;
}

/** Shares of the room at which an alarm is raised, and at which it is over. */
const ALARM_AT = 0.8;
const ALARM_OVER_AT = 0.7;
/** Beyond this many characters the records of a turn are written before it is over. */
const MAX_WAITING = 256 * 1024;

/**
 * Usage records on the local disk. The records of one turn of the event loop share one write, at its end: from then on they are
 * in the hands of the operating system, so that the death of the process does not lose them (the death of the machine may). A full spool gives up the oldest segment that has already
 * been shipped, and else drops the new event and counts it. Nothing here throws but the constructor.
 */
export class Spool {
  readonly #options: SpoolOptions;
  readonly #segmentBytes: number;
  readonly #maxBytes: number;
  readonly #segments: Segment[] = [];
  #openLines = '';
  #opened: OpenedUsage[] = [];
  #finals: WaitingFinal[] = [];
  #waitingLength = 0;
  #waitingSinceMs = 0;
  readonly #onTurnEnd = (): void => this.#writeWaiting();
  /** One for all writes, since memory outside of V8's heap makes it collect garbage early. */
  readonly #buffer = Buffer.allocUnsafe(2 * MAX_WAITING);
  #current: { readonly segment: Segment; readonly descriptor: number } | undefined;
  #sequence = 0;
  #holding = false;
  #bytes = 0;
  #dropped = 0;
  #alarmed = false;

  /** Throws when the directory cannot be made. */
  constructor(options: SpoolOptions) {
    this.#options = options;
    this.#segmentBytes = options.segmentBytes ?? 8 * 1024 * 1024;
    this.#maxBytes = options.maxBytes ?? 1024 * 1024 * 1024;
    fs.mkdirSync(options.directory, { recursive: true, mode: 0o700 });
  }

  /** Oldest first; the one that is written now is the last. */
  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /** Those whose events may leave, oldest first. */
  get shippable(): readonly Segment[] {
    return this.#holding ? this.#segments.filter(({ held }) => !held) : this.#segments;
  }

  /** Events not yet known to be committed. */
  get pending(): number {
    return this.#segments.reduce((sum, { events, committed }) => sum + events - committed, this.#finals.length);
  }

  /**
   * No event that is not yet known to be committed was recorded before this; null when there is none. Epoch ms by a clock that
   * never goes back (`performance.timeOrigin + performance.now()`); 0 for what a dead process has left. What is held back does
   * not count.
   */
  get oldestPendingAtMs(): number | null {
    let oldest = this.#finals.length > 0 && !this.#holding ? this.#waitingSinceMs : null;
    for (const { oldestPendingAtMs: atMs } of this.shippable) {
      if (atMs !== null && (oldest === null || atMs < oldest)) oldest = atMs;
    }
    return oldest;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** How full the spool is of what may not be given up, 0 to 1: at 1 new events are dropped. */
  get fill(): number {
    const kept = this.#segments.filter((segment) => !this.#mayGiveUp(segment));
    return kept.reduce((sum, { bytes }) => sum + bytes, 0) / this.#maxBytes;
  }

  /** Whether there is something that may leave and has not. */
  get hasUnshipped(): boolean {
    if (this.#finals.length > 0 && !this.#holding) return true;
    return this.shippable.some(({ shippedOffset, bytes }) => shippedOffset < bytes);
  }

  /** What is recorded from now on stays here until {@link release}; what was held back before may leave. */
  hold(): void {
    this.#writeWaiting();
    this.release();
    this.#closeCurrent();
    this.#holding = true;
  }

  release(): void {
    this.#holding = false;
    for (const segment of this.#segments) segment.held = false;
  }

  /** Without room the record is left out: only the protection against a crash is lost, not the event. */
  open(usage: OpenUsage): OpenedUsage {
    const opened: OpenedUsage = { segment: null };
    const line = recordLine('open', JSON.stringify(usage));
    this.#openLines += line;
    this.#opened.push(opened);
    this.#wait(line.length);
    return opened;
  }

  /** Calls `written` when the record is on the disk, or is dropped. */
  record(event: UsageEvent, opened?: OpenedUsage, written?: () => void): void {
    const line = recordLine('final', JSON.stringify(event));
    this.#finals.push({ line, opened, written });
    this.#wait(line.length);
  }

  /** Takes over the segments of a process that died; they are the oldest from now on. */
  adopt(segments: readonly Segment[]): void {
    this.#segments.unshift(...segments);
    for (const { bytes } of segments) this.#bytes += bytes;
  }

  /** Deletes the segments that are of no more use, also the current one when nothing in it is waited for. */
  deleteDone(): void {
    for (const segment of this.#segments.filter(({ done }) => done)) this.#delete(segment);
  }

  /** Nothing can be written afterwards. True when nothing is left in the directory. */
  close(): boolean {
    this.#writeWaiting();
    this.deleteDone();
    this.#closeCurrent();
    return this.#segments.length === 0;
  }

  #wait(length: number): void {
    if (this.#waitingLength === 0) {
      setImmediate(this.#onTurnEnd);
      this.#waitingSinceMs = performance.timeOrigin + performance.now();
    }
    this.#waitingLength += length;
    if (this.#waitingLength > MAX_WAITING) this.#writeWaiting();
  }

  #writeWaiting(): void {
    if (this.#waitingLength === 0) return;
    const [openLines, opened, finals] = [this.#openLines, this.#opened, this.#finals];
    this.#openLines = '';
    this.#opened = [];
    this.#finals = [];
    this.#waitingLength = 0;
    this.#writeTurn(openLines, opened, finals);
    for (const { written } of finals) written?.();
  }

  #writeTurn(openLines: string, opened: readonly OpenedUsage[], finals: readonly WaitingFinal[]): void {
    let lines = openLines;
    for (const { line } of finals) lines += line;
    const segment = this.#append(lines);
    if (segment instanceof Segment) {
      segment.unfinished += opened.length;
      for (const usage of opened) usage.segment = segment;
      segment.addEvents(finals.length, this.#waitingSinceMs);
    } else this.#writeOneByOne(finals);
    for (const final of finals) if (final.opened?.segment) final.opened.segment.unfinished -= 1;
  }

  /** Not all of it could be written; a final record matters more than an open one, and a smaller one may find room. */
  #writeOneByOne(finals: readonly WaitingFinal[]): void {
    for (const { line } of finals) {
      const segment = this.#append(line);
      if (segment instanceof Segment) segment.addEvents(1, this.#waitingSinceMs);
      else {
        this.#dropped += 1;
        this.#options.onDropped(segment.cause);
      }
    }
  }

  #append(line: string): Segment | { readonly cause: unknown } {
    const data = this.#encode(line);
    try {
      this.#makeRoom(data.length);
      const { segment, descriptor } = this.#segmentFor(data.length);
      writeWhole(descriptor, data, segment.bytes);
      segment.bytes += data.length;
      this.#bytes += data.length;
      this.#watchFill();
      return segment;
    } catch (cause) {
      return { cause };
    }
  }

  #encode(text: string): Buffer {
    if (Buffer.byteLength(text) > this.#buffer.length) return Buffer.from(text);
    return this.#buffer.subarray(0, this.#buffer.write(text));
  }

  #segmentFor(length: number): { readonly segment: Segment; readonly descriptor: number } {
    if (this.#current && this.#current.segment.bytes + length <= this.#segmentBytes) return this.#current;
    this.#closeCurrent();
    this.#sequence += 1;
    const file = path.join(this.#options.directory, `${String(this.#sequence).padStart(10, '0')}.ndjson`);
    const current = { segment: new Segment(file), descriptor: fs.openSync(file, 'wx', 0o600) };
    current.segment.held = this.#holding;
    this.#segments.push(current.segment);
    this.#current = current;
    return current;
  }

  #closeCurrent(): void {
    if (this.#current) fs.closeSync(this.#current.descriptor);
    this.#current = undefined;
  }

  /** What is shipped lies in Redis; it is only given up when there is no other room. */
  #makeRoom(length: number): void {
    while (this.#bytes + length > this.#maxBytes) {
      const shipped = this.#segments.find((segment) => this.#mayGiveUp(segment));
      if (!shipped) throw new SpoolFullError(`the usage spool holds ${this.#bytes} bytes that are not shipped`);
      this.#delete(shipped);
    }
  }

  #mayGiveUp(segment: Segment): boolean {
    const shipped = segment.shippedOffset === segment.bytes && segment.unfinished === 0;
    return shipped && segment !== this.#current?.segment;
  }

  #watchFill(): void {
    // What may be given up takes no room from anybody; looking at every segment is for when it could matter.
    const share = this.#bytes > ALARM_OVER_AT * this.#maxBytes ? this.fill : 0;
    if (share < ALARM_OVER_AT) this.#alarmed = false;
    if (share < ALARM_AT || this.#alarmed) return;
    this.#alarmed = true;
    this.#options.onNearlyFull?.(share);
  }

  #delete(segment: Segment): void {
    if (segment === this.#current?.segment) this.#closeCurrent();
    this.#segments.splice(this.#segments.indexOf(segment), 1);
    this.#bytes -= segment.bytes;
    fs.rmSync(segment.file, { force: true });
    const directory = path.dirname(segment.file);
    if (directory !== this.#options.directory && !this.#segments.some(({ file }) => path.dirname(file) === directory)) {
      fs.rmSync(directory, { recursive: true, force: true });
    }
  }
}

/** Writes at a position, so that what a failed write left behind is written over by the next one. */
function writeWhole(descriptor: number, data: Buffer, position: number): void {
  let written = 0;
  while (written < data.length) {
    written += fs.writeSync(descriptor, data, written, data.length - written, position + written);
  }
}
