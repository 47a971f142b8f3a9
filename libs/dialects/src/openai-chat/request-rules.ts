import type { JsonBounds } from '../json/json-scanner.ts';

/** What the gateway itself needs of a request; everything else is between the caller and the upstream. */
export interface RequestRules {
  readonly bounds: JsonBounds;
  /** A member that must be there, and the JSON types it may have. */
  readonly required: { readonly name: string; readonly types: readonly JsonType[] };
  readonly mayStream: boolean;
}

export type JsonType = 'string' | 'number' | 'object' | 'array' | 'boolean' | 'null';

const bounds: JsonBounds = { maxDepth: 64, maxValues: 200_000 };

export const CHAT_RULES: RequestRules = { bounds, required: { name: 'messages', types: ['array'] }, mayStream: true };

export const COMPLETIONS_RULES: RequestRules = {
  bounds,
  required: { name: 'prompt', types: ['string', 'array'] },
  mayStream: true,
};

/** Embeddings take arrays of token ids, so many more values are honest there. */
export const EMBEDDINGS_RULES: RequestRules = {
  bounds: { maxDepth: 64, maxValues: 4_000_000 },
  required: { name: 'input', types: ['string', 'array'] },
  mayStream: false,
};

/**
 * Members by which callers of other gateways choose the upstream's address, credential or a fake answer.
 * They are refused: whoever may call must not choose where the credential goes.
 */
export const CONTROL_FIELDS: ReadonlySet<string> = new Set([
  'api_base',
  'api_key',
  'api_version',
  'azure_ad_token',
  'base_url',
  'custom_llm_provider',
  'extra_body',
  'extra_headers',
  'fallbacks',
  'mock_response',
]);

/** More answers to one prompt than any client asks for honestly; vLLM itself would allow 16,384. */
export const MAX_CHOICES = 128;
