/** One event of a stream (WHATWG HTML §9.2): its name, null when it has none, and its data, lines joined by LF. */
export interface SseEvent {
  readonly event: string | null;
  readonly data: string;
}

/** The frame of an event as text. `data` must hold no line end, as JSON text never does. */
export function sseFrame(data: string, event?: string): string {
  return event === undefined ? `data: ${data}\n\n` : `event: ${event}\ndata: ${data}\n\n`;
}
