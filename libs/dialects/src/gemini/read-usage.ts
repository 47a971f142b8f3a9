import type { TokenUsage } from '@penstock/contracts';
import { type CanonicalUsage, NO_USAGE } from '../canonical/canonical-usage.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { toTokenUsage } from '../canonical/to-token-usage.ts';
import { countOf, objectOf, objectsOf, stringOf } from './json-fields.ts';

/**
 * Usage as `usageMetadata` reports it; null when there is none, as in chunks that tell the kind of traffic only. Cached
 * tokens are a part of the prompt's, thoughts are none of the candidates' (research/translation.md §7.3).
 */
export function usageOf(value: Json | undefined): CanonicalUsage | null {
  const metadata = objectOf(value);
  if (!metadata) return null;
  const prompt = countOf(metadata['promptTokenCount']);
  const candidates = countOf(metadata['candidatesTokenCount']);
  const thoughts = countOf(metadata['thoughtsTokenCount']);
  if (prompt === undefined && candidates === undefined) return null;
  const input = (prompt ?? 0) + (countOf(metadata['toolUsePromptTokenCount']) ?? 0);
  const cacheRead = Math.min(input, countOf(metadata['cachedContentTokenCount']) ?? 0);
  return {
    ...NO_USAGE,
    inputUncached: input - cacheRead,
    cacheRead,
    output: (candidates ?? 0) + (thoughts ?? 0),
    ...(thoughts !== undefined && { reasoning: thoughts }),
    ...modalitiesOf(metadata),
  };
}

/** Usage in a whole answer of `generateContent`; null when there is none. */
export function readUsage(body: JsonObject): CanonicalUsage | null {
  return usageOf(body['usageMetadata']);
}

/** Usage in an answer that passes through, by the gateway's own count. Null when there is none or the body is no JSON. */
export function readGeminiUsage(body: Buffer): TokenUsage | null {
  let answer: Json;
  try {
    answer = JSON.parse(body.toString('utf8')) as Json;
  } catch {
    // Not JSON: there is no usage to be read, which the caller is told by null.
    return null;
  }
  const usage = readUsage(objectOf(answer) ?? {});
  return usage && toTokenUsage(usage);
}

/** Google counts each modality of the prompt with what came from the cache, and what came from the cache once more. */
function modalitiesOf(metadata: JsonObject): Partial<CanonicalUsage> {
  const input = [...objectsOf(metadata['promptTokensDetails']), ...objectsOf(metadata['toolUsePromptTokensDetails'])];
  const output = objectsOf(metadata['candidatesTokensDetails']);
  const cached = objectsOf(metadata['cacheTokensDetails']);
  return {
    ...sumOf('audioInput', input, 'AUDIO'),
    ...sumOf('audioOutput', output, 'AUDIO'),
    ...sumOf('imageInput', input, 'IMAGE'),
    ...sumOf('imageOutput', output, 'IMAGE'),
    ...sumOf('audioCacheRead', cached, 'AUDIO'),
    ...sumOf('imageCacheRead', cached, 'IMAGE'),
  };
}

function sumOf(name: keyof CanonicalUsage, details: readonly JsonObject[], modality: string): Partial<CanonicalUsage> {
  const counts = details.filter((detail) => stringOf(detail['modality']) === modality);
  if (counts.length === 0) return {};
  return { [name]: counts.reduce((sum, detail) => sum + (countOf(detail['tokenCount']) ?? 0), 0) };
}
