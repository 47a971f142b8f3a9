import type { CanonicalTool, ToolChoice } from '../canonical/canonical-request.ts';
import { defined } from './defined.ts';
import { RequestFields, wrongType } from './request-fields.ts';

/** What a request says of tools. */
interface ToolFields {
  readonly tools: readonly CanonicalTool[];
  readonly toolChoice?: ToolChoice;
  /** The caller knows `functions` alone, and wants its answer in those words. */
  readonly legacyFunctions: boolean;
}

/** `tools` and `tool_choice`, or their old forms `functions` and `function_call`. */
export function decodeTools(body: RequestFields): ToolFields {
  const functions = body.list('functions');
  const legacyFunctions = functions.length > 0 && body.list('tools').length === 0;
  const tools = legacyFunctions
    ? functions.map((tool) => decodeFunction(tool, tool.path))
    : body.list('tools').map(decodeTool);
  const toolChoice = decodeToolChoice(body, legacyFunctions ? 'function_call' : 'tool_choice');
  return defined<ToolFields>({ tools, legacyFunctions, toolChoice });
}

function decodeTool(tool: RequestFields): CanonicalTool {
  const type = tool.requiredString('type');
  if (type === 'function')
    return decodeFunction(RequestFields.of(tool.object.function, tool.pathOf('function')), tool.path);
  if (type === 'custom')
    return decodeCustomTool(RequestFields.of(tool.object.custom, tool.pathOf('custom')), tool.path);
  return { kind: 'server', name: type, native: { dialect: 'openai-chat', value: tool.object }, path: tool.path };
}

function decodeFunction(definition: RequestFields, path: string): CanonicalTool {
  return defined<CanonicalTool>({
    kind: 'function',
    name: definition.requiredString('name'),
    description: definition.string('description'),
    parameters: definition.objectAt('parameters'),
    strict: definition.boolean('strict'),
    path,
  });
}

function decodeCustomTool(definition: RequestFields, path: string): CanonicalTool {
  const format = definition.objectAt('format');
  return defined<CanonicalTool>({
    kind: 'custom',
    name: definition.requiredString('name'),
    description: definition.string('description'),
    native: format && { dialect: 'openai-chat', value: format },
    path,
  });
}

const MODES: ReadonlyMap<string, 'auto' | 'none' | 'required'> = new Map([
  ['auto', 'auto'],
  ['none', 'none'],
  ['required', 'required'],
  // Mistral's word.
  ['any', 'required'],
]);

function decodeToolChoice(body: RequestFields, name: 'tool_choice' | 'function_call'): ToolChoice | undefined {
  const value = body.value(name);
  if (value === null) return undefined;
  if (typeof value === 'string') return { mode: modeOf(body, name) };
  const choice = RequestFields.of(value, body.pathOf(name));
  if (name === 'function_call') return { mode: 'named', name: choice.requiredString('name') };
  const type = choice.requiredString('type');
  if (type === 'function' || type === 'custom') return { mode: 'named', name: nameOf(choice, type) };
  if (type === 'allowed_tools') return decodeAllowedTools(choice);
  return choice.refuse('type', `must be function, custom or allowed_tools, not '${type}'`);
}

function modeOf(holder: RequestFields, name: string): 'auto' | 'none' | 'required' {
  const mode = MODES.get(holder.requiredString(name));
  return mode ?? holder.refuse(name, `must be none, auto or required, or an object`);
}

/** Chat nests the name, Responses does not; both are seen here. */
function nameOf(holder: RequestFields, type: string): string {
  return (holder.fields(type) ?? holder).requiredString('name');
}

function decodeAllowedTools(choice: RequestFields): ToolChoice {
  const subset = choice.fields('allowed_tools') ?? choice;
  const mode = modeOf(subset, 'mode');
  if (!subset.array('tools')) return wrongType(subset.pathOf('tools'), 'array', null);
  return { mode, allowed: subset.list('tools').map((tool) => nameOf(tool, tool.requiredString('type'))) };
}
