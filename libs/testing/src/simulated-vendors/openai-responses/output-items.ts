import { textFrom } from '../text-from.ts';
import { mintSignature } from '../turn/signature-mint.ts';
import { type Call, idFor, type Turn } from '../turn/turn.ts';
import type { ResponsesRequest } from './schema.ts';

type Item = Readonly<Record<string, unknown>>;
/** An event without its sequence number and without `output_index`. */
type ItemEvent = Readonly<Record<string, unknown>> & { readonly type: string };

/** One item of the output: as it is added, the events in between, and as it is done. */
export interface OutputItem {
  readonly added: Item;
  readonly events: readonly ItemEvent[];
  readonly done: Item;
}

/** The items of a turn in order. */
export function outputItems(turn: Turn, request: ResponsesRequest): readonly OutputItem[] {
  const customTools = (request.tools ?? []).flatMap((tool) => (tool.type === 'custom' ? [String(tool['name'])] : []));
  return turn.steps.flatMap((step, place) => {
    if (step.kind === 'reasoning') return [reasoningItem(turn, step.pieces, request)];
    if (step.kind === 'calls') {
      return step.calls.map((call, index) => {
        const key = `${place}-${index}`;
        return customTools.includes(call.name) ? customItem(turn, call, key) : functionItem(turn, call, key);
      });
    }
    return [messageItem(turn, step.kind, step.pieces, place)];
  });
}

/** Thoughts are shown as a summary, if one was asked for, and come encrypted, if that was asked for. */
function reasoningItem(turn: Turn, pieces: readonly string[], { reasoning, include }: ResponsesRequest): OutputItem {
  const id = `rs_${idFor(turn, 'reasoning', 48)}`;
  const wanted = (reasoning?.summary ?? reasoning?.generate_summary) != null;
  const text = pieces.join('');
  const encrypted = include?.includes('reasoning.encrypted_content')
    ? { encrypted_content: mintSignature('openai', text) }
    : {};
  const at = { item_id: id, summary_index: 0 };
  const part = { type: 'summary_text', text };
  const events = [
    { type: 'response.reasoning_summary_part.added', ...at, part: { ...part, text: '' } },
    ...pieces.map((delta) => ({ type: 'response.reasoning_summary_text.delta', ...at, delta, obfuscation: 'bX9' })),
    { type: 'response.reasoning_summary_text.done', ...at, text },
    { type: 'response.reasoning_summary_part.done', ...at, part },
  ];
  const item = { id, type: 'reasoning', summary: [], ...encrypted };
  return { added: item, events: wanted ? events : [], done: { ...item, summary: wanted ? [part] : [] } };
}

function messageItem(turn: Turn, kind: 'text' | 'refusal', pieces: readonly string[], place: number): OutputItem {
  const id = `msg_${idFor(turn, place, 48)}`;
  const isText = kind === 'text';
  const text = pieces.join('');
  const at = { item_id: id, content_index: 0 };
  const part = isText
    ? { type: 'output_text', annotations: [], logprobs: [], text }
    : { type: 'refusal', refusal: text };
  const empty = isText ? { ...part, text: '' } : { ...part, refusal: '' };
  const name = isText ? 'output_text' : 'refusal';
  const events = [
    { type: 'response.content_part.added', ...at, part: empty },
    ...pieces.map((delta) => ({
      type: `response.${name}.delta`,
      ...at,
      delta,
      ...(isText ? { logprobs: [], obfuscation: 'p3' } : {}),
    })),
    isText
      ? { type: 'response.output_text.done', ...at, text, logprobs: [] }
      : { type: 'response.refusal.done', ...at, refusal: text },
    { type: 'response.content_part.done', ...at, part },
  ];
  const item = { id, type: 'message', role: 'assistant' };
  return {
    added: { ...item, status: 'in_progress', content: [] },
    events,
    done: {
      ...item,
      status: turn.stop === 'length' || turn.stop === 'filter' ? 'incomplete' : 'completed',
      content: [part],
    },
  };
}

function functionItem(turn: Turn, call: Call, key: string): OutputItem {
  const id = `fc_${idFor(turn, key, 48)}`;
  const pieces = call.pieces.length === 0 ? ['{}'] : call.pieces;
  const text = pieces.join('');
  const item = { id, type: 'function_call', call_id: `call_${idFor(turn, key, 24)}`, name: call.name };
  const events = [
    ...pieces.map((delta) => ({
      type: 'response.function_call_arguments.delta',
      item_id: id,
      delta,
      obfuscation: 'Qm',
    })),
    { type: 'response.function_call_arguments.done', item_id: id, arguments: text },
  ];
  return {
    added: { ...item, status: 'in_progress', arguments: '' },
    events,
    done: { ...item, status: 'completed', arguments: text },
  };
}

function customItem(turn: Turn, call: Call, key: string): OutputItem {
  const id = `ctc_${idFor(turn, key, 48)}`;
  const input = textFrom(call.input['input']);
  const item = { id, type: 'custom_tool_call', call_id: `call_${idFor(turn, key, 24)}`, name: call.name };
  const events = [
    { type: 'response.custom_tool_call_input.delta', item_id: id, delta: input },
    { type: 'response.custom_tool_call_input.done', item_id: id, input },
  ];
  return {
    added: { ...item, status: 'in_progress', input: '' },
    events,
    done: { ...item, status: 'completed', input },
  };
}
