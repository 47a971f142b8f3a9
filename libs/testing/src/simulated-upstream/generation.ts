import type { Behaviour } from './behaviour.ts';
import type { ChatRequest, CompletionRequest } from './request-schema.ts';
import { countInputTokens, tokenText } from './tokens.ts';

/** What is generated for one request: settled before the first byte is sent. */
export interface Generation {
  readonly id: string;
  readonly kind: 'chat' | 'completion';
  readonly model: string;
  readonly created: number;
  readonly inputTokens: number;
  readonly tokens: readonly string[];
  readonly finishReason: 'stop' | 'length' | 'tool_calls';
  /** The call that is made instead of a text. */
  readonly toolCall: { readonly id: string; readonly name: string; readonly argumentParts: readonly string[] } | null;
  readonly includeUsage: boolean;
  readonly continuousUsage: boolean;
}

let sequence = 0;

/** Decides the answer to a chat request; deterministic but for its id. */
export function generateChat(request: ChatRequest, behaviour: Behaviour): Generation {
  const limit = request.max_completion_tokens ?? request.max_tokens ?? behaviour.outputTokens;
  const toolCall = chooseToolCall(request);
  const tokens = toolCall ? toolCall.argumentParts : textOf(Math.min(limit, behaviour.outputTokens));
  const cut = limit < behaviour.outputTokens;
  return {
    ...common(request, 'chat', countInputTokens(request.messages)),
    tokens,
    finishReason: toolCall ? 'tool_calls' : cut ? 'length' : 'stop',
    toolCall,
  };
}

/** Decides the answer to a legacy completion. */
export function generateCompletion(request: CompletionRequest, behaviour: Behaviour): Generation {
  const limit = request.max_tokens ?? behaviour.outputTokens;
  return {
    ...common(request, 'completion', countInputTokens(request.prompt)),
    tokens: textOf(Math.min(limit, behaviour.outputTokens)),
    finishReason: limit < behaviour.outputTokens ? 'length' : 'stop',
    toolCall: null,
  };
}

/** The usage as vLLM reports it, or what the behaviour puts in its place. */
export function usageOf(generation: Generation, behaviour: Behaviour, outputTokens: number): unknown {
  if (behaviour.usage !== undefined) return behaviour.usage;
  const { inputTokens } = generation;
  const cached = Math.min(behaviour.cachedInputTokens, inputTokens);
  return {
    prompt_tokens: inputTokens,
    total_tokens: inputTokens + outputTokens,
    completion_tokens: outputTokens,
    prompt_tokens_details: cached === 0 ? null : { cached_tokens: cached },
    ...(behaviour.reasoningTokens === 0
      ? {}
      : { completion_tokens_details: { reasoning_tokens: behaviour.reasoningTokens } }),
  };
}

function common(request: ChatRequest | CompletionRequest, kind: Generation['kind'], inputTokens: number) {
  sequence += 1;
  return {
    id: `${kind === 'chat' ? 'chatcmpl' : 'cmpl'}-${sequence.toString(16).padStart(32, '0')}`,
    kind,
    model: request.model,
    created: Math.floor(Date.now() / 1000),
    inputTokens,
    includeUsage: request.stream_options?.include_usage ?? false,
    continuousUsage: request.stream_options?.continuous_usage_stats ?? false,
  };
}

function textOf(count: number): string[] {
  return Array.from({ length: count }, (_, position) => tokenText(position));
}

/** A tool is called when the request forces it, or when the last user message says `call NAME`. */
function chooseToolCall(request: ChatRequest): Generation['toolCall'] {
  const tools = request.tools ?? [];
  if (tools.length === 0 || request.tool_choice === 'none') return null;
  const name = forcedName(request) ?? askedName(request);
  const tool = name === undefined ? undefined : tools.find((candidate) => candidate.function.name === name);
  if (!tool) return null;
  return {
    id: 'chatcmpl-tool-0123456789abcdef',
    name: tool.function.name,
    argumentParts: ['{"city"', ': "Pa', 'ris"}'],
  };
}

function forcedName(request: ChatRequest): string | undefined {
  if (request.tool_choice === 'required') return request.tools?.[0]?.function.name;
  return typeof request.tool_choice === 'object' ? request.tool_choice?.function.name : undefined;
}

function askedName(request: ChatRequest): string | undefined {
  const last = request.messages.at(-1);
  const text = last?.role === 'user' && typeof last.content === 'string' ? last.content : '';
  return /\bcall (\w+)/.exec(text)?.[1];
}
