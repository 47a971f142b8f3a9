import { GatewayError } from '@penstock/contracts';
import type { CanonicalRequest, SystemText } from '../canonical/canonical-request.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { decodeContents } from './decode-contents.ts';
import { decodeGenerationConfig } from './decode-generation-config.ts';
import { decodeToolChoice, decodeTools } from './decode-tools.ts';
import { textOf } from './json-fields.ts';
import { camelCase, objectAt, objectsAt, stringAt } from './request-fields.ts';

const SERVICE_TIERS: Readonly<Record<string, string>> = { standard: 'default', flex: 'flex', priority: 'priority' };

/**
 * Body of `generateContent`, with `model` and `stream` laid over it, which stand in the path there. Both of Google's
 * spellings are read. Throws GatewayError (`missing_required_parameter`, `invalid_type`, `invalid_request`).
 */
export function decodeRequest(body: JsonObject): CanonicalRequest {
  const { model, stream, contents, systemInstruction, tools, toolConfig, generationConfig, serviceTier, ...others } =
    camelCase(body);
  if (contents === undefined || contents === null) {
    throw new GatewayError('missing_required_parameter', "'contents' is missing.", { param: 'contents' });
  }
  const { settings, rest } = decodeGenerationConfig(generationConfig);
  const { functionCallingConfig, ...toolSettings } = objectAt(toolConfig, 'toolConfig') ?? {};
  const toolChoice = decodeToolChoice(functionCallingConfig);
  const tier = SERVICE_TIERS[textOf(serviceTier)?.toLowerCase() ?? ''];
  return {
    dialect: 'gemini',
    model: decodeModel(model),
    stream: stream === true,
    includeUsage: true,
    system: decodeSystem(systemInstruction),
    turns: decodeContents(contents),
    tools: decodeTools(tools),
    ...(toolChoice && { toolChoice }),
    ...settings,
    ...(tier !== undefined && { serviceTier: tier }),
    extra: { ...others, ...nonEmpty('generationConfig', rest), ...nonEmpty('toolConfig', toolSettings) },
    answer: {},
  };
}

function decodeModel(model: Json | undefined): string {
  const name = stringAt(model, 'model')?.replace(/^models\//, '');
  if (!name) throw new GatewayError('missing_required_parameter', 'The path names no model.', { param: 'model' });
  return name;
}

/** A content whose role says nothing, or its bare parts, or bare text. */
function decodeSystem(value: Json | undefined): SystemText[] {
  if (typeof value === 'string') return [{ type: 'text', origin: 'system', text: value, path: 'systemInstruction' }];
  const parts = objectsAt(objectAt(value, 'systemInstruction')?.['parts'], 'systemInstruction.parts');
  return parts.map((part, index) => {
    const path = `systemInstruction.parts[${index}]`;
    const text = stringAt(part['text'], `${path}.text`);
    if (text === undefined) {
      throw new GatewayError('unsupported_content', 'Instructions must be text.', { param: path });
    }
    return { type: 'text', origin: 'system', text, path };
  });
}

function nonEmpty(name: string, value: JsonObject): JsonObject {
  return Object.keys(value).length > 0 ? { [name]: value } : {};
}
