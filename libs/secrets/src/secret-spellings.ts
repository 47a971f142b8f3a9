/** Every spelling under which a secret may turn up in a log line: as it is, percent-encoded, in base64 and JSON-escaped. */
export function secretSpellings(secret: string): ReadonlySet<string> {
  const wellFormed = secret.toWellFormed();
  const percent = encodeURIComponent(wellFormed);
  const escaped = jsonEscaped(secret);
  return new Set([
    secret,
    percent,
    percent.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    percent.replaceAll('%20', '+'),
    escaped,
    // An error message that quotes a JSON body is escaped once more by the log line.
    jsonEscaped(escaped),
    ...base64Spellings(Buffer.from(secret, 'utf8')),
  ]);
}

function jsonEscaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/**
 * Base64 of the secret at each of the three places it can have in a longer text (as in `user:secret`), without the
 * characters that depend on its neighbours.
 */
function base64Spellings(secret: Buffer): string[] {
  const spellings: string[] = [];
  for (const offset of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(offset), secret]).toString('base64');
    const first = Math.ceil((offset * 8) / 6);
    const end = Math.floor(((offset + secret.length) * 8) / 6);
    const own = encoded.slice(first, end);
    spellings.push(own, own.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return spellings;
}
