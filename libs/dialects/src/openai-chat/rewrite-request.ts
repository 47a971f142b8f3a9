import { parseFaithfully } from '../json/parse-faithfully.ts';
import { type Edit, splice } from '../json/splice.ts';
import type { RequestFacts } from './scan-request.ts';

export interface RequestEdit {
  /** The model's name at the upstream. */
  readonly model: string;
  /** Ask the upstream for the usage chunk of a stream. */
  readonly includeUsage: boolean;
}

/** The request as it goes upstream: byte for byte the caller's, but for `model` and `stream_options`. */
export function rewriteRequest(body: Buffer, facts: RequestFacts, edit: RequestEdit): Buffer {
  const edits: Edit[] = [];
  const wantsUsage = edit.includeUsage && !facts.includeUsage;
  for (const member of facts.members) {
    if (member.key === 'model' && edit.model !== facts.model) {
      edits.push({ start: member.start, end: member.end, text: JSON.stringify(edit.model) });
    }
    if (member.key === 'stream_options' && wantsUsage) {
      const options = (parseFaithfully(body.toString('utf8', member.start, member.end)) ?? {}) as object;
      edits.push({ start: member.start, end: member.end, text: JSON.stringify({ ...options, include_usage: true }) });
    }
  }
  if (wantsUsage && !facts.members.some((member) => member.key === 'stream_options')) {
    const end = facts.members.at(-1)?.end ?? 1;
    edits.push({ start: end, end, text: ',"stream_options":{"include_usage":true}' });
  }
  return splice(body, edits);
}
