import type { ServerResponse } from 'node:http';
import { answerWell, json, type ReceivedRequest } from './scripted-upstream.ts';

/** Answers as the vendor whose path is asked: OpenAI, Anthropic, Gemini, or Bedrock. */
export function answerAsVendor(request: ReceivedRequest, response: ServerResponse): void {
  const { path } = request;
  if (path.includes('/messages')) return json(response, anthropicAnswer());
  if (path.includes(':streamGenerateContent')) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`data: ${JSON.stringify(geminiAnswer())}\r\n\r\n`);
    return undefined;
  }
  if (path.includes(':generateContent')) return json(response, geminiAnswer());
  if (path.endsWith('/converse')) return json(response, converseAnswer());
  return answerWell(request, response);
}

function anthropicAnswer() {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'up/m',
    content: [{ type: 'text', text: 'Hello' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 11, output_tokens: 7 },
  };
}

function geminiAnswer() {
  return {
    candidates: [{ index: 0, content: { role: 'model', parts: [{ text: 'Hello' }] }, finishReason: 'STOP' }],
    usageMetadata: { promptTokenCount: 11, candidatesTokenCount: 7, totalTokenCount: 18 },
  };
}

function converseAnswer() {
  return {
    output: { message: { role: 'assistant', content: [{ text: 'Hello' }] } },
    stopReason: 'end_turn',
    usage: { inputTokens: 11, outputTokens: 7, totalTokens: 18 },
  };
}
