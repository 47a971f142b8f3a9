/** What a line of a segment says. `json` is the record without what marks it. */
export interface RecordLine {
  readonly kind: 'final' | 'open';
  readonly id: string;
  readonly json: string;
}

const OPEN_PREFIX = '{"open":';
const LINE_END = 0x0a;
/** The byte by which the two kinds differ: the first one of the first key. */
const MARK = OPEN_PREFIX.indexOf('o');
const OPEN_MARK = OPEN_PREFIX.charCodeAt(MARK);

/** A line of NDJSON, with its end. A final record is the event as it goes on the wire, so that shipping parses nothing. */
export function recordLine(kind: RecordLine['kind'], json: string): string {
  return kind === 'final' ? `${json}\n` : `${OPEN_PREFIX}${json}}\n`;
}

/** Reads one line without its end; undefined for what is no record, such as a line torn by a crash. */
export function readRecordLine(line: string): RecordLine | undefined {
  const kind = line.startsWith(OPEN_PREFIX) ? 'open' : 'final';
  const json = kind === 'open' ? line.slice(OPEN_PREFIX.length, -1) : line;
  const id = idOf(json);
  return id === undefined ? undefined : { kind, id, json };
}

/** Final records of a block of a segment. */
export interface FinalLines {
  /** One JSON document in each line, without the last line's end. */
  readonly text: string;
  readonly count: number;
  /** Bytes of the block that were looked at: whole lines. */
  readonly length: number;
}

/** Takes the final records out of a block of a segment, at most `max` of them; a line without an end is left for the next block. */
export function finalLines(block: Buffer, max: number): FinalLines {
  let [text, count, runStart, position] = ['', 0, 0, 0];
  while (count < max) {
    const end = block.indexOf(LINE_END, position);
    if (end < 0) break;
    if (isFinal(block, position, end)) count += 1;
    else {
      text += block.toString('utf8', runStart, position);
      runStart = end + 1;
    }
    position = end + 1;
  }
  text += block.toString('utf8', runStart, position);
  return { text: text.slice(0, -1), count, length: position };
}

/** Whether a line can be a final record; what is damaged in the middle is for the reader of the stream to find. */
function isFinal(block: Buffer, start: number, end: number): boolean {
  return end - start > OPEN_PREFIX.length && block[start] === 0x7b && block[start + MARK] !== OPEN_MARK;
}

function idOf(json: string): string | undefined {
  try {
    const { id } = JSON.parse(json) as { readonly id?: unknown };
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined; // torn or damaged: the caller counts it
  }
}
