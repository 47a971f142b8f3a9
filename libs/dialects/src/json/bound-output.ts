import type { Edit } from './splice.ts';
import { parseValue } from './parse-value.ts';
import type { Member } from './scan-object.ts';

/** The most tokens that an answer may have, and how a dialect says so. */
export interface OutputBound {
  readonly tokens: number;
  /** Members that bound the output; a lower bound in any of them stays. */
  readonly fields: readonly string[];
  /** The member that is written where none of them is given. */
  readonly field: string;
}

/** Edits that hold a body's output to a bound: higher ones are lowered, a missing one is added. In the order of the body. */
export function boundOutput(body: Buffer, members: readonly Member[], bound: OutputBound): readonly Edit[] {
  const { tokens, fields, field } = bound;
  const edits: Edit[] = [];
  let isGiven = false;
  for (const { key, start, end } of members) {
    if (!fields.includes(key)) continue;
    const given = parseValue(body.toString('utf8', start, end));
    if (typeof given !== 'number') continue;
    isGiven = true;
    if (given > tokens) edits.push({ start, end, text: String(tokens) });
  }
  if (isGiven) return edits;
  // `null` says nothing: it is written over where it stands.
  const empty = members.find(({ key }) => key === field);
  if (empty) return [{ start: empty.start, end: empty.end, text: String(tokens) }];
  const end = members.at(-1)?.end ?? 1;
  return [{ start: end, end, text: `,${JSON.stringify(field)}:${tokens}` }];
}
