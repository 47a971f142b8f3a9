import type { Dialect } from '@penstock/contracts';
import type { CanonicalPart, ToolCallPart } from '../canonical-part.ts';
import type { CanonicalRequest, CanonicalTool, ToolChoice } from '../canonical-request.ts';
import type { CallerTool, PrepareContext, PreparedRequest } from '../prepare-context.ts';
import { mapParts } from './map-parts.ts';
import { without } from './without.ts';
import { ToolNames } from './tool-names.ts';

/**
 * Gives every tool a name that the model takes, in the definitions, the choice and the history alike. Groups of tools are
 * written into the names, except for the Responses API, which knows them. Runs before custom tools are wrapped, whose kind it
 * notes down for the answer.
 */
export function renameTools(request: CanonicalRequest, context: PrepareContext): PreparedRequest {
  const names = new ToolNames(context.profile.toolNames, knowsNamespaces(context.upstream));
  const tools = request.tools.map((tool) => (tool.kind === 'server' ? tool : renameTool(tool, names)));
  const renamed = mapParts(request, (part) => [renamePart(part, names)]);
  const toolChoice = renameChoice(request.toolChoice, names);
  return {
    request: { ...renamed, tools, ...(toolChoice && { toolChoice }) },
    renamedTools: renamedTools(names, context),
  };
}

function knowsNamespaces(upstream: Dialect): boolean {
  return upstream === 'openai-responses';
}

function renameTool(tool: CanonicalTool, names: ToolNames): CanonicalTool {
  return withName(tool, names.add(callerToolOf(tool, tool.kind === 'custom')), names);
}

function renamePart(part: CanonicalPart, names: ToolNames): CanonicalPart {
  if (part.type === 'tool-call') {
    return withName(part, names.find(callerToolOf(part, part.kind === 'custom')), names);
  }
  // The result's name is that of its call, which the repair of pairs has put there; a namespace stands with the call only.
  return part;
}

function callerToolOf({ name, namespace }: ToolCallPart | CanonicalTool, isCustom: boolean): CallerTool {
  return { name, kind: isCustom ? 'custom' : 'function', ...(namespace !== undefined && { namespace }) };
}

function withName<T extends ToolCallPart | CanonicalTool>(tool: T, name: string, { keepsNamespaces }: ToolNames): T {
  const kept = keepsNamespaces ? tool : (without<ToolCallPart | CanonicalTool, 'namespace'>(tool, 'namespace') as T);
  return { ...kept, name };
}

function renameChoice(choice: ToolChoice | undefined, names: ToolNames): ToolChoice | undefined {
  return choice?.mode === 'named' ? { mode: 'named', name: names.findByName(choice.name) } : choice;
}

function renamedTools(names: ToolNames, { profile }: PrepareContext): ReadonlyMap<string, CallerTool> {
  const changed = [...names.entries()].filter(
    ([name, tool]) =>
      name !== tool.name ||
      (tool.namespace !== undefined && !names.keepsNamespaces) ||
      (tool.kind === 'custom' && !profile.customTools),
  );
  return new Map(changed);
}
