/** What a line of a segment says. `json` is the event as it goes on the wire, so that shipping parses nothing. */
export type RecordLine =
  | { readonly kind: 'final'; readonly id: string; readonly json: string }
  | { readonly kind: 'open'; readonly id: string; readonly json: string };

const PREFIXES = { open: '{"open":', final: '{"final":' } as const;

/** A line of NDJSON, with its end; `json` is the record. */
export function recordLine(kind: RecordLine['kind'], json: string): string {
  return `${PREFIXES[kind]}${json}}\n`;
}

/** Reads one line without its end; undefined for what is no record, such as a line torn by a crash. */
export function readRecordLine(line: string): RecordLine | undefined {
  for (const kind of ['final', 'open'] as const) {
    if (!line.startsWith(PREFIXES[kind]) || !line.endsWith('}')) continue;
    const json = line.slice(PREFIXES[kind].length, -1);
    const id = idOf(json);
    return id === undefined ? undefined : { kind, id, json };
  }
  return undefined;
}

/** The event of a final line as JSON, unread; undefined for every other line. */
export function finalJson(line: string): string | undefined {
  return line.startsWith(PREFIXES.final) ? line.slice(PREFIXES.final.length, -1) : undefined;
}

function idOf(json: string): string | undefined {
  try {
    const { id } = JSON.parse(json) as { readonly id?: unknown };
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined; // torn or damaged: the caller counts it
  }
}
