import type { SnapshotEnvelope } from '@penstock/contracts';

/** As `encodeEnvelope` writes it, up to the body. */
const HEAD = /^\{"revision":(\d{1,15}),"checksum":"([0-9a-f]{64})","signature":"([\w-]{1,100})","body":"/;
const HEAD_BYTES = 512;
/** Characters that are read without a pause. */
const STEP = 262_144;
/** The longest escape is `\uffff`. */
const ESCAPE_LENGTH = 6;

/** What an envelope claims, before its body is read. */
export type EnvelopeHead = Omit<SnapshotEnvelope, 'body'> & { readonly bodyStart: number };

/** The head of an envelope in the form in which it is published; undefined for any other one, which may still be an envelope. */
export function readHead(text: string): EnvelopeHead | undefined {
  const [head, revision, checksum, signature] = HEAD.exec(text.slice(0, HEAD_BYTES)) ?? [];
  if (head === undefined || revision === undefined || checksum === undefined || signature === undefined)
    return undefined;
  if (!text.endsWith('"}')) return undefined;
  return { revision: Number(revision), checksum, signature, bodyStart: head.length };
}

/** The body behind the head, unescaped piece by piece. Throws a SyntaxError when it is no JSON string. */
export function* readBodyText(text: string, { bodyStart }: EnvelopeHead): Generator<void, string> {
  const end = text.length - 2;
  const pieces: string[] = [];
  for (let at = bodyStart; at < end;) {
    const to = endOfPiece(text, at, end);
    pieces.push(JSON.parse(`"${text.slice(at, to)}"`) as string);
    at = to;
    yield;
  }
  return pieces.join('');
}

/** Where a piece may end that begins at `start`: not within an escape. */
function endOfPiece(text: string, start: number, end: number): number {
  let to = Math.min(start + STEP, end);
  while (to < end && to > start && text.slice(to - ESCAPE_LENGTH, to).includes('\\')) to -= 1;
  return to > start ? to : end;
}
