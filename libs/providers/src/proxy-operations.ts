import type { AskedOperation } from './choose-dialect.ts';

/** One operation that models are asked for, as it stands under the context of every proxy. */
export interface ProxyOperation extends AskedOperation {
  /** Without context and version. A last segment in braces is a parameter, which may contain `/`. */
  readonly path: string;
  /** Served with `/v1` and without it. */
  readonly versioned: boolean;
  /** Members by which callers bound an answer; none where nothing is generated. The first one is what callers are told of. */
  readonly outputFields: readonly string[];
}

const generateContent = {
  operation: 'generate-content',
  dialect: 'gemini',
  outputFields: ['generationConfig.maxOutputTokens'],
} as const;

/** All of them; each is asked for by POST. */
export const PROXY_OPERATIONS: readonly ProxyOperation[] = [
  {
    path: '/chat/completions',
    versioned: true,
    operation: 'chat',
    dialect: 'openai-chat',
    outputFields: ['max_completion_tokens', 'max_tokens'],
  },
  {
    path: '/completions',
    versioned: true,
    operation: 'completions',
    dialect: 'openai-chat',
    outputFields: ['max_tokens'],
  },
  { path: '/embeddings', versioned: true, operation: 'embeddings', dialect: 'openai-chat', outputFields: [] },
  { path: '/messages', versioned: true, operation: 'messages', dialect: 'anthropic', outputFields: ['max_tokens'] },
  {
    path: '/messages/count_tokens',
    versioned: true,
    operation: 'count-tokens',
    dialect: 'anthropic',
    outputFields: [],
  },
  {
    path: '/responses',
    versioned: true,
    operation: 'responses',
    dialect: 'openai-responses',
    outputFields: ['max_output_tokens'],
  },
  { path: '/v1beta/models/{id}', versioned: false, ...generateContent },
  // Google's newer SDKs leave `beta` out unless they are told otherwise.
  { path: '/models/{id}', versioned: true, ...generateContent },
];
