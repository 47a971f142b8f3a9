import type { CanonicalPart, ReasoningPart, ToolCallPart, ToolResultPart } from '../canonical/canonical-part.ts';
import type { CanonicalTurn, SystemText } from '../canonical/canonical-request.ts';
import { decodeAssistantContent, decodeTextContent, decodeUserContent } from './decode-content.ts';
import { decodeFunctionCall, decodeToolCall, madeUpCallId } from './decode-tool-call.ts';
import { defined } from './defined.ts';
import { readReasoning } from './reasoning-carriers.ts';
import type { RequestFields } from './request-fields.ts';
import { googleSignature, readCallerSignature, splitCallId } from './signature-carriers.ts';

/** What the messages of a request say. */
export interface Conversation {
  readonly system: readonly SystemText[];
  readonly turns: readonly CanonicalTurn[];
}

interface Draft {
  readonly system: SystemText[];
  readonly turns: CanonicalTurn[];
  /** Calls that have no result yet; the old role `function` names only the function. */
  unanswered: ToolCallPart[];
  /** Results of the message before, which those of the next one join. */
  results: CanonicalPart[] | null;
}

type RoleReader = (draft: Draft, message: RequestFields, index: number) => void;

const ROLES: ReadonlyMap<string, RoleReader> = new Map<string, RoleReader>([
  ['system', (draft, message) => readSystem(draft, message, 'system')],
  ['developer', (draft, message) => readSystem(draft, message, 'developer')],
  ['user', readUser],
  ['assistant', readAssistant],
  ['tool', readTool],
  ['function', readFunction],
]);

/** Messages before the first turn are the system's; later system messages are turns of their own. */
export function decodeMessages(messages: readonly RequestFields[]): Conversation {
  const draft: Draft = { system: [], turns: [], unanswered: [], results: null };
  for (const [index, message] of messages.entries()) {
    const role = message.requiredString('role');
    const read = ROLES.get(role);
    if (!read) return message.refuse('role', `must be one of ${[...ROLES.keys()].join(', ')}, not '${role}'`);
    if (role !== 'tool' && role !== 'function') draft.results = null;
    read(draft, message, index);
  }
  return { system: draft.system, turns: draft.turns };
}

function readSystem(draft: Draft, message: RequestFields, origin: SystemText['origin']): void {
  const parts = decodeTextContent(message);
  if (draft.turns.length === 0) draft.system.push(...parts.map((part) => ({ ...part, origin })));
  else pushTurn(draft, 'system', parts, message);
}

function readUser(draft: Draft, message: RequestFields): void {
  pushTurn(draft, 'user', decodeUserContent(message), message);
}

/** A turn that says nothing is none. */
function pushTurn(
  draft: Draft,
  role: CanonicalTurn['role'],
  parts: readonly CanonicalPart[],
  message: RequestFields,
): void {
  if (parts.length > 0) draft.turns.push(defined<CanonicalTurn>({ role, parts, name: message.string('name') }));
}

function readAssistant(draft: Draft, message: RequestFields, index: number): void {
  const reasoning = readReasoning(message.object, readCallerSignature).map((part) => ({ ...part, path: message.path }));
  const calls = readCalls(message, index);
  const said = signText(decodeAssistantContent(message).filter(hasSubstance), message);
  const parts = [...reasoning, ...said, ...readRefusalAndAudio(message), ...calls];
  draft.unanswered.push(...calls);
  pushTurn(draft, 'assistant', withoutDoubledReasoning(parts, reasoning), message);
}

function hasSubstance(part: CanonicalPart): boolean {
  return part.type !== 'text' || part.text !== '';
}

/** A `thinking` chunk in the content and a field beside it say the same. */
function withoutDoubledReasoning(
  parts: readonly CanonicalPart[],
  fromFields: readonly ReasoningPart[],
): readonly CanonicalPart[] {
  if (fromFields.length === 0) return parts;
  return parts.filter((part, index) => part.type !== 'reasoning' || index < fromFields.length);
}

/** Gemini's signature of the text, which stands on the message. */
function signText(parts: readonly CanonicalPart[], message: RequestFields): readonly CanonicalPart[] {
  const signature = readCallerSignature(googleSignature(message.object), 'gemini');
  const last = parts.findLastIndex((part) => part.type === 'text');
  if (!signature) return parts;
  if (last < 0) return [...parts, { type: 'text', text: '', signature, path: message.path }];
  return parts.map((part, index) => (index === last && part.type === 'text' ? { ...part, signature } : part));
}

function readRefusalAndAudio(message: RequestFields): readonly CanonicalPart[] {
  const parts: CanonicalPart[] = [];
  const refusal = message.string('refusal');
  if (refusal) parts.push({ type: 'refusal', text: refusal, path: message.pathOf('refusal') });
  const id = message.fields('audio')?.requiredString('id');
  if (id !== undefined) {
    parts.push({
      type: 'audio',
      source: { kind: 'file-id', id, dialect: 'openai-chat' },
      path: message.pathOf('audio'),
    });
  }
  return parts;
}

function readCalls(message: RequestFields, index: number): readonly ToolCallPart[] {
  const calls = message.list('tool_calls').map(decodeToolCall);
  const legacy = message.fields('function_call');
  return legacy ? [...calls, decodeFunctionCall(legacy, index)] : calls;
}

function readTool(draft: Draft, message: RequestFields): void {
  const callId = splitCallId(message.requiredString('tool_call_id')).id;
  draft.unanswered = draft.unanswered.filter((call) => call.id !== callId);
  pushResult(draft, callId, message);
}

/** The old role answers the last call of its function that is still open. */
function readFunction(draft: Draft, message: RequestFields, index: number): void {
  const name = message.requiredString('name');
  const call = draft.unanswered.findLast((open) => open.name === name);
  draft.unanswered = draft.unanswered.filter((open) => open !== call);
  pushResult(draft, call?.id ?? madeUpCallId(index), message);
}

function pushResult(draft: Draft, callId: string, message: RequestFields): void {
  const result = defined<ToolResultPart>({
    type: 'tool-result',
    callId,
    name: message.string('name'),
    parts: decodeUserContent(message),
    isError: false,
    path: message.path,
  });
  if (draft.results) {
    draft.results.push(result);
    return;
  }
  draft.results = [result];
  draft.turns.push({ role: 'user', parts: draft.results });
}
