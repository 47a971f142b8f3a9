import { GatewayError } from '@penstock/contracts';
import type { CanonicalPart, TextPart, ToolCallPart, ToolResultPart } from '../canonical-part.ts';
import type { CanonicalRequest, CanonicalTurn } from '../canonical-request.ts';
import type { PrepareContext } from '../prepare-context.ts';
import { callerName } from './caller-name.ts';
import { type PairedCall, pairToolCalls, type ToolPairs } from './pair-tool-calls.ts';

const NO_RESULT = '[no tool result was provided]';

/**
 * Makes calls and results come in pairs, as every vendor demands: the results of a turn stand at the start of the user's turn
 * right behind it, one per call and in the order of the calls. A missing result is made up as an error, an orphan is told in
 * words, and an id that is used twice is made unique. A strict proxy answers all but a wrong order with `invalid_request`.
 */
export function repairToolPairs(request: CanonicalRequest, context: PrepareContext): CanonicalRequest {
  const uniqueParts = request.turns.map((turn) => ({ ...turn, parts: turn.parts.map((part) => ({ ...part })) }));
  const pairs = pairToolCalls(uniqueParts);
  if (pairs.calls.size === 0 && pairs.orphans.size === 0) return request;
  reportRepairs(pairs, request, context);
  const turns: CanonicalTurn[] = [];
  let results: readonly ToolResultPart[] = [];
  for (const turn of uniqueParts) {
    const rest = turn.parts.flatMap((part) => repairPart(part, pairs));
    const takesResults = turn.role === 'user';
    if (results.length > 0 && !takesResults) turns.push({ role: 'user', parts: results });
    turns.push({ ...turn, parts: takesResults ? [...results, ...rest] : rest });
    results = turn.parts.flatMap((part) => resultOf(part, pairs));
  }
  if (results.length > 0) turns.push({ role: 'user', parts: results });
  return { ...request, turns: turns.filter(({ parts }) => parts.length > 0) };
}

/** What stays where it was: everything but results. */
function repairPart(part: CanonicalPart, { calls, orphans }: ToolPairs): readonly CanonicalPart[] {
  if (part.type === 'tool-call') return [{ ...part, id: calls.get(part)?.id ?? part.id }];
  if (part.type !== 'tool-result') return [part];
  return orphans.has(part) ? tellOrphan(part) : [];
}

function resultOf(part: CanonicalPart, { calls }: ToolPairs): readonly ToolResultPart[] {
  const paired = part.type === 'tool-call' ? calls.get(part) : undefined;
  return paired ? [ownResult(paired)] : [];
}

function ownResult({ call, id, result }: PairedCall): ToolResultPart {
  if (result) return { ...result, callId: id, name: call.name };
  const text: TextPart = { type: 'text', text: NO_RESULT };
  return { type: 'tool-result', callId: id, name: call.name, parts: [text], isError: true };
}

function tellOrphan({ callId, parts, path }: ToolResultPart): readonly CanonicalPart[] {
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
  const media = parts.filter(({ type }) => type !== 'text');
  return [{ type: 'text', text: `Tool result ${callId}: ${text}`, ...(path !== undefined && { path }) }, ...media];
}

function reportRepairs({ calls, orphans }: ToolPairs, request: CanonicalRequest, context: PrepareContext): void {
  for (const { call, id, result } of calls.values()) {
    if (!result) report(call, `The tool call '${call.id}' has no result.`, request, context);
    if (id !== call.id) report(call, `The id '${call.id}' is used by more than one tool call.`, request, context);
  }
  for (const orphan of orphans) {
    report(orphan, `The tool result '${orphan.callId}' belongs to no tool call before it.`, request, context);
  }
}

function report(
  part: ToolCallPart | ToolResultPart,
  message: string,
  { dialect }: CanonicalRequest,
  { warnings }: PrepareContext,
): void {
  const param = part.path ?? callerName(dialect, 'turns');
  if (warnings.strict) throw new GatewayError('invalid_request', message, { param });
  warnings.note('converted', param);
}
