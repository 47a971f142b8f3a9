import { boundOutput, type OutputBound } from '../json/bound-output.ts';
import { parseFaithfully } from '../json/parse-faithfully.ts';
import { type Edit, splice } from '../json/splice.ts';
import type { RequestFacts } from './scan-request.ts';

export interface RequestEdit {
  /** The model's name at the upstream. */
  readonly model: string;
  /** Ask the upstream for the usage chunk of a stream. */
  readonly includeUsage: boolean;
  /** The most tokens that an answer may have; null or left out: as the caller says. */
  readonly output?: OutputBound | null;
}

/** The request as it goes upstream: byte for byte the caller's, but for `model`, `stream_options` and a bound of the output. */
export function rewriteRequest(body: Buffer, facts: RequestFacts, edit: RequestEdit): Buffer {
  const edits: Edit[] = [];
  const wantsUsage = edit.includeUsage && !facts.includeUsage;
  for (const { key, start, end } of facts.members) {
    if (key === 'model' && edit.model !== facts.model) edits.push({ start, end, text: JSON.stringify(edit.model) });
    if (key === 'stream_options' && wantsUsage) {
      edits.push({ start, end, text: withUsage(body.toString('utf8', start, end)) });
    }
  }
  if (wantsUsage && !facts.members.some((member) => member.key === 'stream_options')) {
    const end = facts.members.at(-1)?.end ?? 1;
    edits.push({ start: end, end, text: ',"stream_options":{"include_usage":true}' });
  }
  if (!edit.output) return splice(body, edits);
  return splice(body, inOrder([...edits, ...boundOutput(body, facts.members, edit.output)]));
}

function withUsage(options: string): string {
  return JSON.stringify({ ...((parseFaithfully(options) ?? {}) as object), include_usage: true });
}

function inOrder(edits: readonly Edit[]): readonly Edit[] {
  return edits.toSorted((a, b) => a.start - b.start);
}
