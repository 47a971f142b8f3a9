import type { Json, JsonObject, Warnings } from '@penstock/dialects';
import { isJsonObject } from '../chat-body/is-json-object.ts';
import type { BodyCall } from '../provider-adapter.ts';
import { fitCacheControl } from './fit-cache-control.ts';

/** What every server of the dialect takes; whatever came later, many refuse as an extra input. */
const FIELDS: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'max_tokens',
  'system',
  'metadata',
  'stop_sequences',
  'stream',
  'temperature',
  'top_p',
  'top_k',
  'tools',
  'tool_choice',
  'thinking',
  // Without its format the answer would be another one than was asked for.
  'output_config',
]);
const TOOL_FIELDS: ReadonlySet<string> = new Set(['type', 'name', 'description', 'input_schema', 'cache_control']);

/** Whether the upstream is a server that speaks Anthropic's dialect, but knows less of it than Anthropic. */
export function takesLess({ profile, operation, translated }: BodyCall): boolean {
  if (translated === true || (operation !== 'messages' && operation !== 'count-tokens')) return false;
  return profile.unknownFields === 'drop' || (profile.parameters.cacheMarks ?? 'pass') !== 'pass';
}

/** A caller's body with nothing in it that such a server refuses (research/translation.md §6.10). What is dropped is reported. */
export function adjustAnthropicBody(body: JsonObject, { profile }: BodyCall, warnings: Warnings): JsonObject {
  const known = profile.unknownFields === 'drop' ? dropUnknown(body, warnings) : body;
  return fitCacheControl(known, profile, warnings);
}

function dropUnknown(body: JsonObject, warnings: Warnings): JsonObject {
  const entries = Object.entries(body).filter(([name, value]) => {
    if (FIELDS.has(name) || name === 'cache_control') return true;
    if (value !== null) warnings.add('dropped', name);
    return false;
  });
  const known: JsonObject = Object.fromEntries(entries);
  const { tools } = known;
  return Array.isArray(tools)
    ? { ...known, tools: (tools as readonly Json[]).map((tool, index) => knownTool(tool, index, warnings)) }
    : known;
}

/** Tools that the vendor runs itself are of its own making; only the caller's are looked into. */
function knownTool(tool: Json, index: number, warnings: Warnings): Json {
  if (!isJsonObject(tool) || (tool['type'] !== undefined && tool['type'] !== 'custom')) return tool;
  const entries = Object.entries(tool).filter(([name]) => {
    if (TOOL_FIELDS.has(name)) return true;
    // They change how a tool is told to the model, not what it does.
    warnings.note('dropped', `tools[${index}].${name}`);
    return false;
  });
  return Object.fromEntries(entries);
}
