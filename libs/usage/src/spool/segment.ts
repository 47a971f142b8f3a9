import fs from 'node:fs';

/** Events of a segment that went to the stream together. */
export interface ShippedBatch {
  readonly endOffset: number;
  readonly events: number;
  /** The stream's id of the last of them. */
  readonly lastId: string;
}

/** From this event of a segment on, none was recorded earlier. */
interface TimeMark {
  readonly event: number;
  readonly atMs: number;
}

const MARK_EVERY_MS = 50;
const MAX_MARKS = 64;

/** One file of a spool and what is known about it. */
export class Segment {
  readonly file: string;
  /** Bytes of whole lines. */
  bytes = 0;
  /** Final records in the file. */
  events = 0;
  #marks: TimeMark[] = [];
  /** Open records in the file whose final record is not written yet. */
  unfinished = 0;
  /** What was read and shipped ends here. */
  shippedOffset = 0;
  /** Not to be shipped yet; see `Spool.hold`. */
  held = false;
  /** Shipped, not yet known to be committed; oldest first. */
  readonly batches: ShippedBatch[] = [];
  /** Final records that a worker has committed, and where the last of them ends. */
  committed = 0;
  #committedOffset = 0;

  constructor(file: string) {
    this.file = file;
  }

  /** Everything in it is committed and every request that it opened has its final record. */
  get done(): boolean {
    return this.shippedOffset === this.bytes && this.batches.length === 0 && this.unfinished === 0;
  }

  /** Counts final records that were written now, of which the oldest was recorded at this time. */
  addEvents(events: number, recordedAtMs: number): void {
    const last = this.#marks.at(-1);
    if (events > 0 && (!last || recordedAtMs >= last.atMs + MARK_EVERY_MS)) {
      this.#marks.push({ event: this.events, atMs: recordedAtMs });
      // A mark that is left out makes events seem older than they are.
      if (this.#marks.length > MAX_MARKS) this.#marks = this.#marks.filter((_, index) => index % 2 === 0);
    }
    this.events += events;
  }

  /**
   * Epoch ms before which no event was recorded that is not committed; the oldest may be a little younger. Null when all are
   * committed, and 0 for what another process has recorded.
   */
  get oldestPendingAtMs(): number | null {
    if (this.committed >= this.events) return null;
    const known = this.#marks.findLast(({ event }) => event <= this.committed);
    return known?.atMs ?? 0;
  }

  /** The oldest shipped batch is committed. */
  confirmBatch(): void {
    const batch = this.batches.shift();
    this.committed += batch?.events ?? 0;
    this.#committedOffset = batch?.endOffset ?? this.#committedOffset;
    const useful = this.#marks.findLastIndex(({ event }) => event <= this.committed);
    if (useful > 0) this.#marks.splice(0, useful);
  }

  /** Redis lost its data: what is not committed has to be shipped again. */
  shipAgain(): void {
    this.shippedOffset = this.#committedOffset;
    this.batches.length = 0;
  }
}

const CHUNK_BYTES = 256 * 1024;
const LINE_END = 0x0a;

/** A line of a segment without its end, and the offset behind it. */
export interface SegmentLine {
  readonly line: string;
  readonly endOffset: number;
}

/** What of a file between two offsets has room in `memory`; it holds until `memory` is used again. */
export function readBlock(file: string, fromOffset: number, toOffset: number, memory: Buffer): Buffer {
  const descriptor = fs.openSync(file, 'r');
  try {
    const length = Math.min(memory.length, toOffset - fromOffset);
    return memory.subarray(0, fs.readSync(descriptor, memory, 0, length, fromOffset));
  } finally {
    fs.closeSync(descriptor);
  }
}

/** The whole lines between two offsets of a file; a line without an end is left out. */
export function* readLines(file: string, fromOffset: number, toOffset: number): Generator<SegmentLine> {
  const descriptor = fs.openSync(file, 'r');
  try {
    let rest = Buffer.alloc(0);
    let endOffset = fromOffset;
    while (endOffset + rest.length < toOffset) {
      const position = endOffset + rest.length;
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, toOffset - position));
      const length = fs.readSync(descriptor, chunk, 0, chunk.length, position);
      if (length === 0) return;
      rest = Buffer.concat([rest, chunk.subarray(0, length)]);
      for (let end = rest.indexOf(LINE_END); end >= 0; end = rest.indexOf(LINE_END)) {
        endOffset += end + 1;
        yield { line: rest.toString('utf8', 0, end), endOffset };
        rest = rest.subarray(end + 1);
      }
    }
  } finally {
    fs.closeSync(descriptor);
  }
}
