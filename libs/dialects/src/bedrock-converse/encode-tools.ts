import type { ModelProfile } from '@penstock/contracts';
import type { CanonicalRequest, CanonicalTool, ToolChoice } from '../canonical/canonical-request.ts';
import type { Warnings } from '../canonical/warnings.ts';
import { cachePoint } from './encode-messages.ts';
import type { BedrockTool, BedrockToolChoice } from './schema.ts';

interface ToolConfig {
  readonly [name: string]: readonly BedrockTool[] | BedrockToolChoice | undefined;
  readonly tools: readonly BedrockTool[];
  readonly toolChoice?: BedrockToolChoice;
}

/** Stands in for the tools of a history whose caller offers none any more: Bedrock refuses calls without a definition. */
const UNAVAILABLE: BedrockTool = {
  toolSpec: {
    name: 'unavailable_tool',
    description: 'Not available. Do not call.',
    inputSchema: { json: { type: 'object', properties: {} } },
  },
};

/** `toolConfig`; undefined when there is no tool to speak of. */
export function encodeToolConfig(
  request: CanonicalRequest,
  profile: ModelProfile,
  warnings: Warnings,
): ToolConfig | undefined {
  const tools = usableTools(request, warnings);
  if (tools.length === 0) return hasToolHistory(request) ? { tools: [UNAVAILABLE] } : undefined;
  const toolChoice = encodeToolChoice(request.toolChoice);
  return { tools: tools.flatMap((tool) => encodeTool(tool, profile)), ...(toolChoice && { toolChoice }) };
}

/**
 * Bedrock cannot be told to leave tools alone: none is offered then, unless the history has calls, which need their
 * definitions. A subset that may be used becomes the whole list.
 */
function usableTools(request: CanonicalRequest, warnings: Warnings): readonly CanonicalTool[] {
  const tools = request.tools.filter((tool) => tool.kind !== 'server');
  const choice = request.toolChoice;
  if (choice === undefined || choice.mode === 'named') return tools;
  if (choice.mode === 'none') {
    if (!hasToolHistory(request)) return [];
    warnings.add('dropped', 'tool_choice');
    return tools;
  }
  const allowed = choice.allowed && new Set(choice.allowed);
  return allowed ? tools.filter((tool) => allowed.has(tool.name)) : tools;
}

function encodeTool(tool: CanonicalTool, profile: ModelProfile): BedrockTool[] {
  const toolSpec = {
    name: tool.name,
    ...(tool.description && { description: tool.description }),
    inputSchema: { json: { type: 'object', ...(tool.parameters ?? { properties: {} }) } },
    ...(profile.strictTools && tool.strict !== undefined && { strict: tool.strict }),
  };
  return [{ toolSpec }, ...cachePoint(tool.cache)];
}

function encodeToolChoice(choice: ToolChoice | undefined): BedrockToolChoice | undefined {
  switch (choice?.mode) {
    case 'auto':
      return { auto: {} };
    case 'required':
      return { any: {} };
    case 'named':
      return { tool: { name: choice.name } };
    default:
      return undefined;
  }
}

function hasToolHistory({ turns }: CanonicalRequest): boolean {
  return turns.some(({ parts }) => parts.some(({ type }) => type === 'tool-call' || type === 'tool-result'));
}
