import type { JsonObject } from '@penstock/dialects';

const COUNTED = ['messages', 'system', 'toolConfig', 'additionalModelRequestFields'] as const;

/** A Converse request as `CountTokens` takes it. */
export function countTokensBody(body: JsonObject): JsonObject {
  const counted = COUNTED.flatMap((name) => (body[name] === undefined ? [] : [[name, body[name]] as const]));
  return { input: { converse: Object.fromEntries(counted) } };
}
