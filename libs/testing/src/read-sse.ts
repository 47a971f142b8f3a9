/** One server-sent event as a browser would see it. */
export interface ReceivedEvent {
  readonly event: string | null;
  readonly data: string;
}

/** Reads a whole stream of events; comments are left out. Fails when the connection breaks. */
export async function readSse(response: Response): Promise<readonly ReceivedEvent[]> {
  return parseSse(await response.text());
}

/** The events of a text, by the rules of WHATWG HTML §9.2.6. */
export function parseSse(text: string): readonly ReceivedEvent[] {
  const events: ReceivedEvent[] = [];
  for (const block of text.replaceAll(/\r\n|\r/g, '\n').split('\n\n')) {
    const lines = block.split('\n').map((line) => /^(\w*):? ?(.*)$/.exec(line));
    const values = (field: string): string[] =>
      lines.filter((line) => line?.[1] === field).map((line) => line?.[2] ?? '');
    const data = values('data');
    if (data.length > 0) events.push({ event: values('event').at(-1) ?? null, data: data.join('\n') });
  }
  return events;
}
