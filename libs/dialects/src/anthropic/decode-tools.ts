import { GatewayError } from '@penstock/contracts';
import type { CanonicalTool, ToolChoice } from '../canonical/canonical-request.ts';
import type { Json } from '../canonical/json.ts';
import { cacheMarkOf } from './cache-mark.ts';
import { given } from './given.ts';
import { arrayOf, booleanOf, objectOf, requiredString, stringOf, wrongType } from './read-fields.ts';

export function decodeTools(value: Json | undefined): CanonicalTool[] {
  return (arrayOf(value, 'tools') ?? []).map((tool, index) => decodeTool(tool, `tools[${index}]`));
}

/** A tool with a type is Anthropic's own (web search, bash, ...): its model knows it without a schema, others do not. */
function decodeTool(value: Json, path: string): CanonicalTool {
  const tool = objectOf(value, path) ?? wrongType(path, 'object', value);
  const type = stringOf(tool['type'], `${path}.type`) ?? 'custom';
  if (type !== 'custom') {
    const name = stringOf(tool['name'], `${path}.name`) ?? type;
    return { kind: 'server', name, native: { dialect: 'anthropic', value: tool }, path, ...cacheMarkOf(tool) };
  }
  return {
    kind: 'function',
    name: requiredString(tool['name'], `${path}.name`),
    ...given('description', stringOf(tool['description'], `${path}.description`)),
    ...given('parameters', objectOf(tool['input_schema'], `${path}.input_schema`)),
    ...given('strict', booleanOf(tool['strict'], `${path}.strict`)),
    path,
    ...cacheMarkOf(tool),
  };
}

interface ToolWishes {
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
}

export function decodeToolChoice(value: Json | undefined): ToolWishes {
  const choice = objectOf(value, 'tool_choice');
  if (choice === undefined) return {};
  const alone = booleanOf(choice['disable_parallel_tool_use'], 'tool_choice.disable_parallel_tool_use') === true;
  const parallel = given('parallelToolCalls', alone ? false : undefined);
  switch (choice['type']) {
    case 'auto':
    case 'none':
      return { toolChoice: { mode: choice['type'] }, ...parallel };
    case 'any':
      return { toolChoice: { mode: 'required' }, ...parallel };
    case 'tool':
      return { toolChoice: { mode: 'named', name: requiredString(choice['name'], 'tool_choice.name') }, ...parallel };
    default:
      throw new GatewayError('invalid_request', "'tool_choice.type' must be 'auto', 'any', 'tool' or 'none'.", {
        param: 'tool_choice.type',
      });
  }
}
