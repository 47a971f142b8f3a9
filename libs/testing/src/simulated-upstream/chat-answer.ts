import type { Behaviour } from './behaviour.ts';
import { type Generation, usageOf } from './generation.ts';

/** The whole answer in one document, as vLLM writes it. */
export function jsonAnswer(generation: Generation, behaviour: Behaviour): object {
  const { id, created, model, kind, finishReason } = generation;
  const usage = usageOf(generation, behaviour, generation.tokens.length);
  const object = kind === 'chat' ? 'chat.completion' : 'text_completion';
  const body = { id, object, created, model, choices: [choiceOf(generation, finishReason)] };
  return usage === null ? body : { ...body, usage };
}

function choiceOf(generation: Generation, finishReason: string): object {
  const text = generation.tokens.join('');
  const end = { logprobs: null, finish_reason: finishReason, stop_reason: null };
  if (generation.kind === 'completion') return { index: 0, text, ...end };
  const { toolCall } = generation;
  const calls = toolCall
    ? [{ id: toolCall.id, type: 'function', function: { name: toolCall.name, arguments: text } }]
    : [];
  return { index: 0, message: { role: 'assistant', content: toolCall ? null : text, tool_calls: calls }, ...end };
}

/** The events of a stream: what stands behind `data: `, and whether the event is a generated token. */
export function* streamEvents(
  generation: Generation,
  behaviour: Behaviour,
): Generator<{ data: unknown; token: boolean }> {
  const { toolCall } = generation;
  if (generation.kind === 'chat')
    yield { data: chunk(generation, { role: 'assistant', content: '' }, null), token: false };
  for (const [position, text] of generation.tokens.entries()) {
    const delta = toolCall ? toolDelta(toolCall, position, text) : textDelta(generation, text);
    const data = chunk(generation, delta, null);
    const usage = generation.continuousUsage ? { usage: usageOf(generation, behaviour, position + 1) } : {};
    yield { data: { ...data, ...usage }, token: true };
  }
  yield {
    data: chunk(generation, generation.kind === 'chat' ? {} : { text: '' }, generation.finishReason),
    token: false,
  };
  const usage = generation.includeUsage ? usageOf(generation, behaviour, generation.tokens.length) : null;
  if (usage !== null) yield { data: { ...head(generation), choices: [], usage }, token: false };
}

function head({ id, created, model, kind }: Generation): object {
  return { id, object: kind === 'chat' ? 'chat.completion.chunk' : 'text_completion', created, model };
}

function chunk(generation: Generation, delta: object, finishReason: string | null): object {
  const content = generation.kind === 'chat' ? { delta } : delta;
  return { ...head(generation), choices: [{ index: 0, ...content, logprobs: null, finish_reason: finishReason }] };
}

function textDelta({ kind }: Generation, text: string): object {
  return kind === 'chat' ? { content: text } : { text };
}

function toolDelta(call: NonNullable<Generation['toolCall']>, position: number, text: string): object {
  const name = position === 0 ? { id: call.id, type: 'function' } : {};
  const details = position === 0 ? { name: call.name, arguments: text } : { arguments: text };
  return { tool_calls: [{ index: 0, ...name, function: details }] };
}
