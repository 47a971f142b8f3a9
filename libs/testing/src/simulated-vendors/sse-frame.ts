/** A server-sent event, named or not. */
export function sseFrame(data: unknown, event: string | null = null, lineEnd: '\n' | '\r\n' = '\n'): string {
  const name = event === null ? '' : `event: ${event}${lineEnd}`;
  return `${name}data: ${typeof data === 'string' ? data : JSON.stringify(data)}${lineEnd}${lineEnd}`;
}
