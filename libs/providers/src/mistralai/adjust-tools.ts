import type { Json } from '@penstock/dialects';
import { isJsonObject } from '../chat-body/is-json-object.ts';

type Draft = Record<string, Json | undefined>;

/** Mistral's words for the choice of a tool; a list without tools is refused, so it goes with all that hangs on it. */
export function adjustTools(draft: Draft): void {
  const { tools } = draft;
  if (!Array.isArray(tools) || tools.length === 0) {
    for (const name of ['tools', 'tool_choice', 'parallel_tool_calls']) delete draft[name];
    return;
  }
  draft['tools'] = (tools as readonly Json[]).map(adjustTool);
  if (draft['tool_choice'] === 'required') draft['tool_choice'] = 'any';
}

function adjustTool(tool: Json): Json {
  if (!isJsonObject(tool) || !isJsonObject(tool['function'])) return tool;
  const { name, description, parameters, strict } = tool['function'];
  return {
    type: 'function',
    function: {
      name,
      ...(description !== undefined && { description }),
      parameters: parameters ?? { type: 'object', properties: {} },
      ...(strict !== undefined && strict !== null && { strict }),
    },
  };
}
