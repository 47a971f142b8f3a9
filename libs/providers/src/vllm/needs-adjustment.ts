import type { RequestFacts } from '@penstock/dialects';
import type { BodyCall } from '../provider-adapter.ts';
import { GUIDED_BACKEND, GUIDED_FIELDS, refuseDangerousField } from './request-fields.ts';

type Member = RequestFacts['members'][number];

/** More than white space between the brackets of an empty array ever takes. */
const EMPTY_ARRAY_BYTES = 16;
/** Bytes of messages up to which a text is made of them to be searched. */
const SHORT_BYTES = 8192;
const ROLE = '"role"';
const SYSTEM = '"system"';
const DEVELOPER = '"developer"';
const REASONING_CONTENT = '"reasoning_content"';
const REASONING = '"reasoning"';

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
      return messagesNeedAdjustment(searchable(body, member), call);
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

/** What texts and bytes have in common. */
interface Searchable {
  includes(word: string): boolean;
  indexOf(word: string, from?: number): number;
}

/** A short text is searched faster than bytes are, a long one costs more to make than the search. One byte is one character. */
function searchable(body: Buffer, { start, end }: Member): Searchable {
  return end - start < SHORT_BYTES ? body.toString('latin1', start, end) : body.subarray(start, end);
}

function messagesNeedAdjustment(messages: Searchable, { profile }: BodyCall): boolean {
  if (profile.systemRole === 'system' && messages.includes(DEVELOPER)) return true;
  if (profile.reasoningField !== 'reasoning_content' && messages.includes(REASONING_CONTENT)) return true;
  if (profile.reasoningField !== 'reasoning' && messages.includes(REASONING)) return true;
  if (profile.multipleSystem && profile.midSystem === 'native') return false;
  const first = messages.indexOf(SYSTEM);
  if (first === -1) return false;
  return messages.indexOf(SYSTEM, first + SYSTEM.length) !== -1 || standsLate(messages, first);
}

/** Whether another message begins before the system message: its own role is the only one that may come first. */
function standsLate(messages: Searchable, system: number): boolean {
  const role = messages.indexOf(ROLE);
  if (role === -1 || role > system) return false;
  const second = messages.indexOf(ROLE, role + ROLE.length);
  return second !== -1 && second < system;
}
