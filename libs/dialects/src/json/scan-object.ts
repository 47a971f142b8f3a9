import { isUtf8 } from 'node:buffer';
import { GatewayError } from '@penstock/contracts';
import { type JsonBounds, JsonScanner } from './json-scanner.ts';
import { parseValue } from './parse-value.ts';

/** One member of the outermost object; `start` and `end` enclose its value's bytes. */
export interface Member {
  readonly key: string;
  /** Offset of the key's opening quote. */
  readonly keyStart: number;
  readonly start: number;
  readonly end: number;
}

const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const COMMA = 0x2c;
const MAX_MEMBERS = 1000;

/**
 * The members of the object that a body is, in their order, with the whole body checked on the way.
 * A key that stands twice is refused: a reader that takes the first one would see another request than one that takes the last.
 */
export function scanObject(body: Buffer, bounds: JsonBounds): readonly Member[] {
  if (body.length === 0) throw new GatewayError('invalid_json', 'The body is empty; a JSON object is expected.');
  if (!isUtf8(body)) throw new GatewayError('invalid_utf8', 'The body is not valid UTF-8.');
  const text = body.toString('latin1');
  const scanner = new JsonScanner(text, bounds);
  if (scanner.peek() !== OPEN_OBJECT) notAnObject(scanner);
  scanner.position += 1;
  const members = scanner.peek() === CLOSE_OBJECT ? [] : readMembers(scanner, text);
  scanner.position += 1;
  if (!Number.isNaN(scanner.peek())) scanner.fail('unexpected character after the object');
  return members;
}

function readMembers(scanner: JsonScanner, text: string): Member[] {
  const members: Member[] = [];
  for (;;) {
    scanner.peek();
    const keyStart = scanner.position;
    scanner.skipString();
    const key = keyText(text, keyStart, scanner.position);
    refuseSecond(members, key);
    scanner.expect(0x3a, "':'");
    scanner.peek();
    const start = scanner.position;
    scanner.skipValue(1);
    members.push({ key, keyStart, start, end: scanner.position });
    const next = scanner.peek();
    if (next === CLOSE_OBJECT) return members;
    scanner.expect(COMMA, "',' or '}'");
  }
}

function refuseSecond(members: readonly Member[], key: string): void {
  if (members.length >= MAX_MEMBERS) {
    throw new GatewayError('json_too_complex', `The body has more than ${MAX_MEMBERS} members.`);
  }
  for (const member of members) {
    if (member.key === key) {
      throw new GatewayError('invalid_request', `The body has the key '${key.slice(0, 64)}' twice.`, {
        param: key.slice(0, 64),
      });
    }
  }
}

const PLAIN_KEY = /^[\x20-\x5b\x5d-\x7e]*$/;

/** Escapes in a key are decoded, so that `mod\u0065l` is seen as what an upstream will see. */
function keyText(text: string, start: number, end: number): string {
  const inner = text.slice(start + 1, end - 1);
  if (PLAIN_KEY.test(inner)) return inner;
  return parseValue(Buffer.from(text.slice(start, end), 'latin1').toString('utf8')) as string;
}

function notAnObject(scanner: JsonScanner): never {
  if (scanner.peek() === 0xef) scanner.fail('unexpected byte order mark');
  scanner.skipValue(0);
  if (!Number.isNaN(scanner.peek())) scanner.fail('unexpected character after the value');
  throw new GatewayError('invalid_request', 'The body must be a JSON object.');
}
