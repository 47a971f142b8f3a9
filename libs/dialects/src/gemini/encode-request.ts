import type { CanonicalRequest } from '../canonical/canonical-request.ts';
import type { EncodeRequestContext } from '../canonical/dialect-codec.ts';
import type { JsonObject } from '../canonical/json.ts';
import { encodeContents } from './encode-contents.ts';
import { encodeGenerationConfig } from './encode-generation-config.ts';
import { encodeTools } from './encode-tools.ts';
import { objectOf, presentMembers } from './json-fields.ts';

const SERVICE_TIERS: Readonly<Record<string, string>> = { default: 'standard', flex: 'flex', priority: 'priority' };

/**
 * Body of `:generateContent` and `:streamGenerateContent`; model and streaming stand in the path. What `extra` still holds is
 * Gemini's own (`safetySettings`, `cachedContent`, `labels` ...) and lies beneath what the canonical form knows.
 */
export function encodeRequest(request: CanonicalRequest, context: EncodeRequestContext): JsonObject {
  const { extra } = request;
  const { tools, calling } = encodeTools(request, context.profile);
  // A cached content brings its own instructions and tools; both may not be given.
  const isCached = extra['cachedContent'] !== undefined;
  const generationConfig = {
    ...objectOf(extra['generationConfig']),
    ...encodeGenerationConfig(request, context.profile),
  };
  const toolConfig = { ...objectOf(extra['toolConfig']), functionCallingConfig: calling };
  const body: JsonObject = {
    ...extra,
    contents: encodeContents(request.turns, context),
    systemInstruction: isCached ? undefined : systemInstruction(request),
    tools: isCached || tools.length === 0 ? undefined : tools,
    toolConfig: isCached ? undefined : presentMembers(toolConfig),
    generationConfig: presentMembers(generationConfig),
    serviceTier: SERVICE_TIERS[request.serviceTier ?? ''],
  };
  return presentMembers(body) ?? body;
}

function systemInstruction(request: CanonicalRequest): JsonObject | undefined {
  const parts = request.system.filter(({ text }) => text !== '').map(({ text }) => ({ text }));
  return parts.length > 0 ? { parts } : undefined;
}
