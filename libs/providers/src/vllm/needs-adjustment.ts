import type { RequestFacts } from '@penstock/dialects';
import type { BodyCall } from '../provider-adapter.ts';
import { GUIDED_BACKEND, GUIDED_FIELDS, refuseDangerousField } from './request-fields.ts';

type Member = RequestFacts['members'][number];

/** More than white space between the brackets of an empty array ever takes. */
const EMPTY_ARRAY_BYTES = 16;
const ROLE = Buffer.from('"role"');
const SYSTEM = Buffer.from('"system"');
const DEVELOPER = Buffer.from('"developer"');
const REASONING_CONTENT = Buffer.from('"reasoning_content"');
const REASONING = Buffer.from('"reasoning"');

/**
 * Whether vLLM would refuse or misread the caller's body as it is. A quoted word in the bytes is enough of a sign: within a
 * text its quotes would be escaped, and a false alarm costs no more than a parse.
 */
export function vllmNeedsAdjustment(facts: Pick<RequestFacts, 'members'>, body: Buffer, call: BodyCall): boolean {
  if (call.operation !== 'chat' && call.operation !== 'completions') return false;
  let needed = false;
  let hasTools = false;
  let choosesTool = false;
  for (const member of facts.members) {
    refuseDangerousField(member.key);
    if (member.key === 'tools') hasTools = true;
    else if (member.key === 'tool_choice') choosesTool = true;
    needed ||= memberNeedsAdjustment(member, body, call);
  }
  return needed || (choosesTool && !hasTools);
}

function memberNeedsAdjustment(member: Member, body: Buffer, call: BodyCall): boolean {
  switch (member.key) {
    case 'messages':
      return messagesNeedAdjustment(body.subarray(member.start, member.end), call);
    case 'tools':
      return member.end - member.start <= EMPTY_ARRAY_BYTES;
    case 'stream_options':
      return !call.stream;
    case GUIDED_BACKEND:
      return true;
    default:
      return GUIDED_FIELDS.has(member.key);
  }
}

function messagesNeedAdjustment(messages: Buffer, { profile }: BodyCall): boolean {
  if (profile.systemRole === 'system' && messages.includes(DEVELOPER)) return true;
  if (profile.reasoningField !== 'reasoning_content' && messages.includes(REASONING_CONTENT)) return true;
  if (profile.reasoningField !== 'reasoning' && messages.includes(REASONING)) return true;
  if (profile.multipleSystem && profile.midSystem === 'native') return false;
  const first = messages.indexOf(SYSTEM);
  if (first === -1) return false;
  return messages.includes(SYSTEM, first + SYSTEM.length) || standsLate(messages.subarray(0, first));
}

/** Whether another message begins before the system message: its own role is the only one that may come first. */
function standsLate(before: Buffer): boolean {
  const role = before.indexOf(ROLE);
  return role !== -1 && before.includes(ROLE, role + ROLE.length);
}
