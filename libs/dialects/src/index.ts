export type { RequestRules } from './openai-chat/request-rules.ts';
export { CHAT_RULES, COMPLETIONS_RULES, EMBEDDINGS_RULES } from './openai-chat/request-rules.ts';
export { type RequestFacts, scanRequest } from './openai-chat/scan-request.ts';
export { type RequestEdit, rewriteRequest } from './openai-chat/rewrite-request.ts';
export { CHAT_STREAM_END, ChatStreamReader } from './openai-chat/chat-stream-reader.ts';
export { readInputUsage, readUsage } from './openai-chat/read-usage.ts';
export {
  openAiErrorFrame,
  type OpenAiErrorFields,
  readOpenAiErrorBody,
  renderOpenAiError,
} from './openai-chat/errors.ts';
export { openAiChatCodec } from './openai-chat/codec.ts';
export {
  decodeEmbeddingsRequest,
  type EmbeddingEncoding,
  type EmbeddingsRequest,
  type EmbeddingsResponse,
  encodeEmbeddingsResponse,
  transcodeEmbeddings,
} from './openai-chat/embeddings.ts';
export { openAiCompletionsClient } from './openai-completions/client.ts';
export * from './canonical/json.ts';
export * from './canonical/signature.ts';
export * from './canonical/canonical-part.ts';
export * from './canonical/canonical-request.ts';
export * from './canonical/canonical-response.ts';
export * from './canonical/canonical-event.ts';
export * from './canonical/canonical-usage.ts';
export * from './canonical/dialect-codec.ts';
export * from './canonical/upstream-fault-error.ts';
export * from './canonical/signature-envelope.ts';
export * from './canonical/prepare-context.ts';
export * from './canonical/warnings.ts';
export * from './json/parse-faithfully.ts';
export { parseValue } from './json/parse-value.ts';
export type { OutputBound } from './json/bound-output.ts';
export type { Member } from './json/scan-object.ts';
export * from './sse/sse-event.ts';
export * from './sse/sse-parser.ts';
export * from './canonical/to-token-usage.ts';
export { anthropicCodec } from './anthropic/codec.ts';
export { estimateInputTokens, renderTokenCount } from './anthropic/count-tokens.ts';
export { decodeCountRequest } from './anthropic/decode-request.ts';
export { anthropicStatusOf } from './anthropic/errors.ts';
export { COUNT_TOKENS_RULES, MESSAGES_RULES } from './anthropic/messages-rules.ts';
export { MessagesStreamReader } from './anthropic/messages-stream-reader.ts';
export { type ListedModel, type ModelsPage, renderAnthropicModel, renderAnthropicModels } from './anthropic/models.ts';
export { type MessagesFacts, scanMessagesRequest } from './anthropic/scan-messages-request.ts';
export { unsealMessages } from './anthropic/unseal-messages.ts';
export { defaultProfile } from './canonical/profile/default-profiles.ts';
export { resolveModelProfile } from './canonical/profile/resolve-model-profile.ts';
export { matchModelProfile } from './canonical/profile/match-model-profile.ts';
export { prepareRequest } from './canonical/prepare/prepare-request.ts';
export { restoreResponse } from './canonical/restore/restore-response.ts';
export { createEventRestorer, type EventRestorer } from './canonical/restore/create-event-restorer.ts';
export { openAiResponsesCodec } from './openai-responses/codec.ts';
export { readResponsesUsage } from './openai-responses/read-usage.ts';
export { ResponsesStreamReader } from './openai-responses/responses-stream-reader.ts';
export {
  RESPONSES_RULES,
  type ResponsesFacts,
  scanResponsesRequest,
} from './openai-responses/scan-responses-request.ts';
export { dropReasoning, refusesReasoning } from './openai-responses/drop-reasoning.ts';
export { unsealResponses } from './openai-responses/unseal-responses.ts';
export { boundGeneration } from './gemini/bound-generation.ts';
export { scanGenerateRequest } from './gemini/scan-generate-request.ts';
export { geminiCodec } from './gemini/codec.ts';
export { GenerateStreamReader } from './gemini/generate-stream-reader.ts';
export { bedrockConverseCodec } from './bedrock-converse/codec.ts';
export { boundConverse, scanConverseRequest } from './bedrock-converse/scan-converse-request.ts';
export { EventStreamParser } from './bedrock-converse/event-stream-parser.ts';
export { readGeminiUsage } from './gemini/read-usage.ts';
export { hasSealedContents, unsealContents } from './gemini/unseal-contents.ts';
export { readBedrockFault } from './bedrock-converse/errors.ts';
export { EventStreamError } from './bedrock-converse/event-stream-parser.ts';
