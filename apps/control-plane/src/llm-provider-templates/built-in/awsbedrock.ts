import { CLAUDE_MODELS } from './claude-models.ts';
import { bearer, pathParam, payload } from './extraction.ts';
import type { TemplateInput } from './template-input.ts';

/**
 * The credential is `ACCESS_KEY_ID:SECRET` or `ACCESS_KEY_ID:SECRET:SESSION_TOKEN`, or an API key of Bedrock behind `Bearer`.
 * Claude models have the names that Anthropic gives them behind a region and their maker; Converse has no output schema.
 */
export const awsBedrockTemplate: TemplateInput = {
  displayName: 'AWS Bedrock',
  dialect: 'bedrock-converse',
  defaultUrl: 'https://bedrock-runtime.us-east-1.amazonaws.com',
  modelProfiles: CLAUDE_MODELS.map(({ match, profile }) => ({
    match: `*anthropic.${match}`,
    profile: { ...profile, structuredOutput: 'json-tool' },
  })),
  ...bearer,
  promptTokens: payload('$.usage.inputTokens'),
  completionTokens: payload('$.usage.outputTokens'),
  totalTokens: payload('$.usage.totalTokens'),
  requestModel: pathParam('model/([A-Za-z0-9.:-]+)/'),
  responseModel: pathParam('model/([A-Za-z0-9.:-]+)/'),
};
