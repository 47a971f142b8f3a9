export type { RequestRules } from './openai-chat/request-rules.ts';
export { CHAT_RULES, COMPLETIONS_RULES, EMBEDDINGS_RULES } from './openai-chat/request-rules.ts';
export { type RequestFacts, scanRequest } from './openai-chat/scan-request.ts';
export { type RequestEdit, rewriteRequest } from './openai-chat/rewrite-request.ts';
export { CHAT_STREAM_END, ChatStreamReader } from './openai-chat/chat-stream-reader.ts';
export { readUsage } from './openai-chat/read-usage.ts';
export {
  openAiErrorFrame,
  type OpenAiErrorFields,
  readOpenAiErrorBody,
  renderOpenAiError,
} from './openai-chat/errors.ts';
