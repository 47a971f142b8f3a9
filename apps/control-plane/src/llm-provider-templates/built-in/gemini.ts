import { header, pathParam, payload } from './extraction.ts';
import { GEMINI_MODELS } from './gemini-models.ts';
import type { TemplateInput } from './template-input.ts';

export const geminiTemplate: TemplateInput = {
  displayName: 'Google Gemini',
  dialect: 'gemini',
  defaultUrl: 'https://generativelanguage.googleapis.com',
  modelProfiles: [...GEMINI_MODELS],
  authHeader: 'x-goog-api-key',
  promptTokens: payload('$.usageMetadata.promptTokenCount'),
  completionTokens: payload('$.usageMetadata.candidatesTokenCount'),
  totalTokens: payload('$.usageMetadata.totalTokenCount'),
  remainingTokens: header('x-ratelimit-remaining-tokens'),
  requestModel: pathParam(String.raw`(?<=models/)[a-zA-Z0-9.\-]+`),
  responseModel: payload('$.modelVersion'),
};
