import { UsageEvent } from '@penstock/contracts';

/** An entry of the stream as Redis hands it out; `fields` is null when it was trimmed away meanwhile. */
export interface StreamEntry {
  readonly id: string;
  readonly fields: readonly string[] | null;
}

/** An entry that is no usage event. */
export interface PoisonEntry {
  readonly streamId: string;
  /** What stood in the entry, at most 16 KiB of it. */
  readonly text: string;
  readonly reason: string;
}

/** The events of a batch, and what was none. */
export interface ReadEntries {
  readonly events: readonly { readonly streamId: string; readonly event: UsageEvent }[];
  readonly poison: readonly PoisonEntry[];
}

const MAX_TEXT = 16 * 1024;

/** Validates each event of each entry. An entry that was trimmed away counts as neither. */
export function readEntries(entries: readonly StreamEntry[]): ReadEntries {
  const events: { streamId: string; event: UsageEvent }[] = [];
  const poison: PoisonEntry[] = [];
  for (const { id, fields } of entries) {
    if (!fields) continue;
    for (const text of eventTexts(fields)) {
      const read = readEvent(text);
      if (typeof read === 'string') poison.push({ streamId: id, text: text.slice(0, MAX_TEXT), reason: read });
      else events.push({ streamId: id, event: read });
    }
  }
  return { events, poison };
}

/** An entry holds its events in a field, one in a line; one without that field is poison, so its first value is read as one. */
function eventTexts(fields: readonly string[]): readonly string[] {
  const texts = fields.filter((_, index) => index % 2 === 1 && fields[index - 1] === 'event');
  return texts.length > 0 ? texts.flatMap((text) => text.split('\n')) : [fields[1] ?? ''];
}

/** The event, or why it is none. */
function readEvent(text: string): UsageEvent | string {
  // Postgres' text type cannot hold it.
  if (text.includes(String.raw`\u0000`)) return 'contains a NUL character';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `no JSON: ${error instanceof Error ? error.message : 'unreadable'}`;
  }
  const parsed = UsageEvent.safeParse(value);
  if (parsed.success) return parsed.data;
  return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
}
