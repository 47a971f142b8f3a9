import { GatewayError } from '@penstock/contracts';
import type { CanonicalRequest, CanonicalTool, ToolChoice } from '../canonical-request.ts';
import type { PrepareContext } from '../prepare-context.ts';
import { callerName } from './caller-name.ts';
import { without } from './without.ts';

/**
 * Keeps the tools that the model may and can use: the allowed ones of a list, no server tools of another vendor (reported),
 * none twice. Throws `unsupported_parameter` when a tool is forced that is not left.
 */
export function selectTools(request: CanonicalRequest, context: PrepareContext): CanonicalRequest {
  const known = dropServerTools(request.tools, request, context);
  const unique = dropDuplicates(known, context);
  const { tools, toolChoice } = applyAllowed(unique, request.toolChoice);
  refuseLostChoice(request, tools);
  return { ...without(request, 'toolChoice'), tools, ...(toolChoice && { toolChoice }) };
}

function dropServerTools(
  tools: readonly CanonicalTool[],
  request: CanonicalRequest,
  { upstream, warnings }: PrepareContext,
): readonly CanonicalTool[] {
  return tools.filter((tool) => {
    if (tool.kind !== 'server' || tool.native?.dialect === upstream) return true;
    if (isForced(request.toolChoice, tool)) throw refusalOf(request);
    warnings.add('dropped', tool.path ?? callerName(request.dialect, 'tools'));
    return false;
  });
}

function dropDuplicates(tools: readonly CanonicalTool[], { warnings }: PrepareContext): readonly CanonicalTool[] {
  const seen = new Set<string>();
  return tools.filter((tool) => {
    const key = JSON.stringify([tool.kind === 'server', tool.namespace ?? null, tool.name]);
    if (seen.has(key)) {
      warnings.note('dropped', tool.path ?? tool.name);
      return false;
    }
    seen.add(key);
    return true;
  });
}

/** Few vendors have a word for a list of allowed tools; leaving the others out means the same to all. */
function applyAllowed(
  tools: readonly CanonicalTool[],
  choice: ToolChoice | undefined,
): { readonly tools: readonly CanonicalTool[]; readonly toolChoice: ToolChoice | undefined } {
  if (choice === undefined || choice.mode === 'named' || choice.allowed === undefined)
    return { tools, toolChoice: choice };
  const allowed = new Set(choice.allowed);
  return { tools: tools.filter(({ name }) => allowed.has(name)), toolChoice: { mode: choice.mode } };
}

function refuseLostChoice(request: CanonicalRequest, left: readonly CanonicalTool[]): void {
  const hadTools = request.tools.length > 0;
  if (hadTools && left.length === 0 && request.toolChoice?.mode === 'required') throw refusalOf(request);
}

function isForced(choice: ToolChoice | undefined, { name }: CanonicalTool): boolean {
  return choice?.mode === 'named' && choice.name === name;
}

function refusalOf({ dialect }: CanonicalRequest): GatewayError {
  const param = callerName(dialect, 'toolChoice');
  const message = 'The tool that is to be used is not supported by the model that serves this request.';
  return new GatewayError('unsupported_parameter', message, { param });
}
