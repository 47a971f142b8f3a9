/** What looks like a credential wherever it stands: keys of Penstock and of vendors, bearer tokens, passwords in URLs. */
const CREDENTIALS =
  /\b(?:psk|pat|whsec)_[\w+/=-]{8,}|\bsk-[\w-]{8,}|\bBearer\s+[\w.~+/=-]{8,}|\bAIza[\w-]{20,}|(?<=:\/\/)[^/\s:@]*:[^/\s@]+(?=@)/g;
/** Members whose texts are secrets by their name, such as parameters of policies. */
const SECRET_NAME = /(?:^|[-_.])(?:secret|password|passphrase|api[-_]?key|authorization|token|credential)s?$/i;

const BLANK = '[redacted]';

/** The value with everything blanked out that is a secret by its name or its looks; references to secrets stay. */
export function redactSecrets<Value>(value: Value): Value {
  return redact(value, false) as Value;
}

function redact(value: unknown, isSecret: boolean): unknown {
  if (typeof value === 'string') {
    return isSecret && !value.includes('{{') ? BLANK : value.replaceAll(CREDENTIALS, BLANK);
  }
  if (Array.isArray(value)) return value.map((item) => redact(item, isSecret));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, redact(member, SECRET_NAME.test(kebab(name)))]),
  );
}

function kebab(name: string): string {
  return name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`);
}
