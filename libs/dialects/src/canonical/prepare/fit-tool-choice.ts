import type { CanonicalRequest, CanonicalTool } from '../canonical-request.ts';
import type { PrepareContext } from '../prepare-context.ts';
import { callerName } from './caller-name.ts';
import { without } from './without.ts';

/** Stands in where a vendor demands a definition because the conversation has calls. */
const NO_TOOL: CanonicalTool = {
  kind: 'function',
  name: 'no_tool',
  description: 'There is no tool any more. Never call this.',
  parameters: { type: 'object', properties: {} },
};

/** Makes tools and choice agree: no choice without tools, and what Converse demands and lacks. Runs after the structured output. */
export function fitToolChoice(request: CanonicalRequest, context: PrepareContext): CanonicalRequest {
  const fitted = context.upstream === 'bedrock-converse' ? fitConverse(request, context) : request;
  if (fitted.tools.length > 0) return fitted;
  const isForced = fitted.toolChoice?.mode === 'required' || fitted.toolChoice?.mode === 'named';
  if (isForced) context.warnings.add('dropped', callerName(request.dialect, 'toolChoice'));
  return without(fitted, 'toolChoice', 'parallelToolCalls');
}

/** Converse has no word for "none", and wants tools whenever there were calls. */
function fitConverse(request: CanonicalRequest, { warnings }: PrepareContext): CanonicalRequest {
  const hasCalls = request.turns.some(({ parts }) => parts.some(({ type }) => type === 'tool-call'));
  if (request.toolChoice?.mode === 'none') {
    const withoutChoice = without(request, 'toolChoice');
    if (!hasCalls) return { ...withoutChoice, tools: [] };
    if (request.tools.length > 0) warnings.add('dropped', callerName(request.dialect, 'toolChoice'));
    return { ...withoutChoice, tools: request.tools.length > 0 ? request.tools : [NO_TOOL] };
  }
  return hasCalls && request.tools.length === 0 ? { ...without(request, 'toolChoice'), tools: [NO_TOOL] } : request;
}
