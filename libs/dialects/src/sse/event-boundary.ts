const LF = 0x0a;
const CR = 0x0d;

/** An SSE event ends with a blank line: two line ends, each of them LF, CR or CRLF (WHATWG HTML §9.2.6). */
const BLANK_LINES = ['\n\n', '\n\r', '\r\r'].map((text) => Buffer.from(text));

/** Offset behind the last complete event in the bytes; -1 when there is none. */
export function endOfLastEvent(bytes: Buffer): number {
  const length = bytes.length;
  if (length >= 2 && bytes[length - 1] === LF && bytes[length - 2] === LF) return length;
  let last = -1;
  for (const blankLine of BLANK_LINES) last = Math.max(last, bytes.lastIndexOf(blankLine));
  return last < 0 ? -1 : endOfBlankLine(bytes, last);
}

/** Splits complete events; each part keeps its blank line. */
export function splitEvents(bytes: Buffer): Buffer[] {
  const events: Buffer[] = [];
  let start = 0;
  while (start < bytes.length) {
    const end = endOfFirstEvent(bytes, start);
    events.push(bytes.subarray(start, end));
    start = end;
  }
  return events;
}

/** The `data` of one event, its lines joined by LF; undefined for an event without any, such as a comment. */
export function eventData(event: Buffer): string | undefined {
  let data: string | undefined;
  for (const line of event.toString('utf8').split(/\r\n|\n|\r/)) {
    if (line !== 'data' && !line.startsWith('data:')) continue;
    const value = line.slice(5);
    const text = value.startsWith(' ') ? value.slice(1) : value;
    data = data === undefined ? text : `${data}\n${text}`;
  }
  return data;
}

/** How many events end within the bytes; JSON escapes line ends, so none is counted within data. */
export function countEvents(bytes: Buffer): number {
  let count = 0;
  for (const blankLine of BLANK_LINES) {
    for (let at = bytes.indexOf(blankLine); at >= 0; at = bytes.indexOf(blankLine, at + 2)) count += 1;
  }
  return count;
}

function endOfFirstEvent(bytes: Buffer, start: number): number {
  let first = -1;
  for (const blankLine of BLANK_LINES) {
    const at = bytes.indexOf(blankLine, start);
    if (at >= 0 && (first < 0 || at < first)) first = at;
  }
  return first < 0 ? bytes.length : endOfBlankLine(bytes, first);
}

/** The second line end may be a CRLF of which only the CR was matched. */
function endOfBlankLine(bytes: Buffer, at: number): number {
  const end = at + 2;
  return bytes[end - 1] === CR && bytes[end] === LF ? end + 1 : end;
}
