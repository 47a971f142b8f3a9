import { CLAUDE_MODELS } from './claude-models.ts';
import { header, payload } from './extraction.ts';
import type { TemplateInput } from './template-input.ts';

/** The profile is that of servers which speak Anthropic's dialect with models of their own. */
export const anthropicTemplate: TemplateInput = {
  displayName: 'Anthropic',
  dialect: 'anthropic',
  defaultUrl: 'https://api.anthropic.com',
  profile: { defaultMaxOutputTokens: 4096, structuredOutput: 'json-tool', documents: true },
  modelProfiles: [...CLAUDE_MODELS],
  authHeader: 'x-api-key',
  promptTokens: payload('$.usage.input_tokens'),
  completionTokens: payload('$.usage.output_tokens'),
  remainingTokens: header('anthropic-ratelimit-tokens-remaining'),
  requestModel: payload('$.model'),
  responseModel: payload('$.model'),
};
