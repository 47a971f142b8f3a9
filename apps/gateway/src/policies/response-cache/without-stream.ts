import type { RequestFacts } from '@penstock/dialects';

const COMMA_BEFORE = /,\s*$/;
const COMMA_AFTER = /^\s*,/;
/** White space beyond this stays, which only makes another name. */
const LOOK_AROUND = 64;

/** The body without its member `stream`, which says how an answer is sent and not what it is. */
export function withoutStream(body: Buffer, { members }: Pick<RequestFacts, 'members'>): Buffer {
  const member = members.find(({ key }) => key === 'stream');
  if (!member) return body;
  const from = Math.max(0, member.keyStart - LOOK_AROUND);
  const before = COMMA_BEFORE.exec(body.toString('latin1', from, member.keyStart));
  const rest = body.subarray(member.end);
  // Of the first member the comma stands behind.
  const after = before ? null : COMMA_AFTER.exec(rest.toString('latin1', 0, LOOK_AROUND));
  const head = body.subarray(0, before ? from + before.index : member.keyStart);
  return Buffer.concat([head, rest.subarray(after?.[0].length ?? 0)]);
}
