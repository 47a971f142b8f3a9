/** More of a body is not written. */
export const MAX_PAYLOAD_BYTES = 65_536;

const MASK = '[redacted]';
/** Headers that carry, or may carry, what opens something. Counts of tokens are no such thing. */
const CREDENTIAL = /auth|cookie|key|token|secret|password|passwd|credential|signature|session/i;
const COUNT = /^x-ratelimit-/i;

/** Headers (names and values in turn) for the log: without those that are left out, and credentials masked. */
export function shownHeaders(list: readonly string[], excluded: ReadonlySet<string>): Readonly<Record<string, string>> {
  const shown: Record<string, string> = Object.create(null) as Record<string, string>;
  for (let index = 0; index < list.length; index += 2) {
    const name = (list[index] ?? '').toLowerCase();
    if (excluded.has(name)) continue;
    const value = CREDENTIAL.test(name) && !COUNT.test(name) ? MASK : (list[index + 1] ?? '');
    shown[name] = name in shown ? `${shown[name]}, ${value}` : value;
  }
  return shown;
}

/** The beginning of a body; a character that the bound cuts in two is left out. */
export function boundedText(body: Buffer): string {
  if (body.length <= MAX_PAYLOAD_BYTES) return body.toString('utf8');
  return `${new TextDecoder().decode(body.subarray(0, MAX_PAYLOAD_BYTES), { stream: true })}…`;
}
