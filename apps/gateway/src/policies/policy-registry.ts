import { advancedRateLimit } from './advanced-ratelimit/index.ts';
import { apiKeyAuth } from './api-key-auth/index.ts';
import { basicRateLimit } from './basic-ratelimit/index.ts';
import { contentLengthGuardrail } from './content-length-guardrail/index.ts';
import { cors } from './cors/index.ts';
import { fallback } from './fallback/index.ts';
import { jwtAuth } from './jwt-auth/index.ts';
import { jsonSchemaGuardrail } from './json-schema-guardrail/index.ts';
import { leastBusy } from './least-busy/index.ts';
import { llmCost, llmCostBasedRateLimit } from './llm-cost-based-ratelimit/index.ts';
import { llmHeaderRouter } from './llm-header-router/index.ts';
import { logMessage } from './log-message/index.ts';
import { lowestLatency } from './lowest-latency/index.ts';
import { modelRoundRobin, modelWeightedRoundRobin } from './model-round-robin/index.ts';
import { modelRouter } from './model-router/index.ts';
import {
  openAiToAnthropic,
  openAiToAzureOpenAi,
  openAiToBedrock,
  openAiToGemini,
  openAiToMistral,
} from './openai-translation/index.ts';
import { piiMaskingRegex } from './pii-masking-regex/index.ts';
import type { PolicyFactory } from './policy-factory.ts';
import { promptDecorator } from './prompt-decorator/index.ts';
import { promptTemplate } from './prompt-template/index.ts';
import { regexGuardrail } from './regex-guardrail/index.ts';
import { removeHeaders } from './remove-headers/index.ts';
import { requestSize } from './request-size/index.ts';
import { responseCache } from './response-cache/index.ts';
import { semanticCache } from './semantic-cache/index.ts';
import { sentenceCountGuardrail } from './sentence-count-guardrail/index.ts';
import { sessionAffinity } from './session-affinity/index.ts';
import { setHeaders } from './set-headers/index.ts';
import { tokenBasedRateLimit } from './token-based-ratelimit/index.ts';
import { urlGuardrail } from './url-guardrail/index.ts';
import { wordCountGuardrail } from './word-count-guardrail/index.ts';

/** Every policy that this gateway can run; the catalogue of contracts lists the same. */
export const POLICY_FACTORIES: readonly PolicyFactory[] = [
  setHeaders,
  removeHeaders,
  llmHeaderRouter,
  modelRouter,
  modelRoundRobin,
  modelWeightedRoundRobin,
  leastBusy,
  lowestLatency,
  sessionAffinity,
  fallback,
  openAiToAnthropic,
  openAiToGemini,
  openAiToAzureOpenAi,
  openAiToMistral,
  openAiToBedrock,
  apiKeyAuth,
  jwtAuth,
  cors,
  requestSize,
  logMessage,
  basicRateLimit,
  tokenBasedRateLimit,
  llmCost,
  llmCostBasedRateLimit,
  advancedRateLimit,
  responseCache,
  semanticCache,
  promptDecorator,
  promptTemplate,
  regexGuardrail,
  wordCountGuardrail,
  sentenceCountGuardrail,
  contentLengthGuardrail,
  jsonSchemaGuardrail,
  urlGuardrail,
  piiMaskingRegex,
];

const byName = new Map(POLICY_FACTORIES.map((factory) => [factory.definition.name, factory]));

/** The factory of a policy by the name that it has in the catalogue. */
export function factoryOf(name: string): PolicyFactory | undefined {
  return byName.get(name);
}
