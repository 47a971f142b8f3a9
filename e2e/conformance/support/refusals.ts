import type { CallerName } from './caller.ts';
import type { FeatureName } from './feature.ts';
import type { Upstream } from './upstream.ts';

/** What a caller is told instead of an answer. */
export interface RefusalRecord {
  readonly status: number;
  readonly code: string;
}

/** The legacy Completions know texts alone. */
export function isOffered(caller: CallerName, feature: FeatureName): boolean {
  return caller !== 'completions' || feature === 'text' || feature === 'stream' || feature === 'errors';
}

/** Where words pass through, vLLM says it itself; else the gateway knows it from the model's profile. */
const blindness: Partial<Readonly<Record<CallerName, RefusalRecord>>> = {
  chat: { status: 400, code: 'upstream_client_error' },
  responses: { status: 400, code: 'unsupported_content' },
  messages: { status: 400, code: 'invalid_request_error' },
  'messages-2023-06-01': { status: 400, code: 'invalid_request_error' },
  'generate-content': { status: 400, code: 'UNSUPPORTED_CONTENT' },
};

/** What a pair cannot do, and how it says so; undefined for all that it can. */
export function documentedRefusal(
  caller: CallerName,
  { name }: Upstream,
  feature: FeatureName,
): RefusalRecord | undefined {
  if (name === 'vllm-text-only' && feature === 'images') return blindness[caller];
  // OpenAI serves the legacy Completions with models of their own.
  if (caller === 'completions' && name === 'openai-responses') return { status: 404, code: 'upstream_client_error' };
  return undefined;
}
