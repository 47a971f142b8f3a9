import { createHash } from 'node:crypto';
import type { Asked, OfferedTool, ReceivedMedia } from './asked.ts';
import { type Json, sampleFromSchema } from './sample-from-schema.ts';
import type { BehaviourName } from './scenario.ts';
import type { Call, Delivery, Step, StopCause, TokenUsage, Turn } from './turn.ts';

const THOUGHTS = 'The user wants to know about water. It flows down through the penstock, so I say that.';
const ANSWER = 'Water flows through the penstock and turns a turbine. Größe: 🌊 "quoted".';
const REFUSAL = "I'm sorry, but I can't help with that.";
/** Characters of input that count as one token. */
const BYTES_PER_TOKEN = 4;

/** Settles what the model does with a request: the same for the same request, but for `id`. */
export function planTurn(asked: Asked, behaviour: BehaviourName, id: number): Turn {
  const { steps, stop, stopSequence } = boundText(asked, stepsOf(asked, behaviour), stopOf(behaviour));
  return {
    id,
    model: asked.model,
    steps,
    stop: stop === 'end' && steps.some(({ kind }) => kind === 'calls') ? 'tools' : stop,
    stopSequence,
    usage: usageOf(asked, steps, behaviour),
    delivery: deliveryOf(behaviour),
    odd: behaviour === 'odd',
  };
}

function stepsOf(asked: Asked, behaviour: BehaviourName): readonly Step[] {
  if (behaviour === 'empty') return [];
  if (behaviour === 'refusal') return [{ kind: 'refusal', pieces: inWords(REFUSAL) }];
  const thinks = behaviour.startsWith('reasoning') || behaviour === 'odd';
  const thoughts: Step[] = thinks && asked.mayReason ? [{ kind: 'reasoning', pieces: inWords(THOUGHTS) }] : [];
  const calls = callsOf(asked, behaviour);
  if (calls === null) return [...thoughts, { kind: 'text', pieces: inWords(answerText(asked, behaviour)) }];
  const preamble: Step[] =
    behaviour === 'text-tools' ? [{ kind: 'text', pieces: inWords('Let me look that up.') }] : [];
  return [...thoughts, ...preamble, calls];
}

/** The calls that the request forces, or that the behaviour makes until there are results; null for none. */
function callsOf(asked: Asked, behaviour: BehaviourName): Step | null {
  const { toolChoice, tools, results } = asked;
  if (tools.length === 0) return null;
  if (toolChoice.mode === 'forced') return callsTo(asked, behaviour, toolChoice.names);
  const calls = behaviour.endsWith('tools') || behaviour === 'odd';
  return calls && toolChoice.mode === 'auto' && results.length === 0 ? callsTo(asked, behaviour, []) : null;
}

function answerText(asked: Asked, behaviour: BehaviourName): string {
  if (asked.schema !== null) return JSON.stringify(structured(asked.schema));
  if (asked.results.length > 0) return `The tools said: ${asked.results.join(' | ')}.`;
  if (behaviour === 'echo') return asked.lastText;
  if (behaviour === 'image') return asked.media.length === 0 ? 'No media.' : asked.media.map(describe).join('\n');
  return ANSWER;
}

/** What the schema asks for; any object where it asks for nothing. */
function structured(schema: Json): Json {
  return Object.keys(schema as object).length === 0 ? { answer: 'water' } : sampleFromSchema(schema);
}

/** `image image/png 68 bytes sha256:0123456789ab`: enough to see that the bytes arrived whole. */
function describe({ kind, mimeType, bytes, reference }: ReceivedMedia): string {
  if (bytes === null) return `${kind} ${mimeType} ${reference ?? ''}`;
  return `${kind} ${mimeType} ${bytes.length} bytes sha256:${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}`;
}

function callsTo(asked: Asked, behaviour: BehaviourName, names: readonly string[]): Step {
  const tools = names.length === 0 ? asked.tools : asked.tools.filter(({ name }) => names.includes(name));
  const count = behaviour === 'parallel-tools' && asked.parallelTools ? 2 : 1;
  const calls = Array.from({ length: count }, (_, index) => callOf(tools[index % tools.length] ?? tools[0], index));
  return { kind: 'calls', calls };
}

function callOf(tool: OfferedTool | undefined, variant: number): Call {
  // Arguments are an object even where the schema says nothing.
  const input = sampleFromSchema({ type: 'object', ...(tool?.schema as object | null) }, variant) as Call['input'];
  const json = JSON.stringify(input);
  return { name: tool?.name ?? '', input, pieces: json === '{}' ? [] : inPieces(json) };
}

/** Cuts the text where the bound or a stop sequence of the request says so. */
function boundText(
  asked: Asked,
  steps: readonly Step[],
  stop: StopCause,
): Pick<Turn, 'steps' | 'stop' | 'stopSequence'> {
  const last = steps.at(-1);
  if (last?.kind !== 'text') return { steps, stop, stopSequence: null };
  const text = last.pieces.join('');
  const found = asked.stops.filter((sequence) => text.includes(sequence))[0];
  const pieces = found === undefined ? last.pieces : inWords(text.slice(0, text.indexOf(found)));
  const before = steps.slice(0, -1);
  const room = asked.maxOutputTokens ?? Number.POSITIVE_INFINITY;
  if (pieces.length > room) {
    return { steps: [...before, { kind: 'text', pieces: pieces.slice(0, room) }], stop: 'length', stopSequence: null };
  }
  if (found === undefined) return { steps, stop, stopSequence: null };
  return { steps: [...before, { kind: 'text', pieces }], stop: 'stop-sequence', stopSequence: found };
}

function stopOf(behaviour: BehaviourName): StopCause {
  const stops: Partial<Record<BehaviourName, StopCause>> = { refusal: 'refusal', filtered: 'filter', length: 'length' };
  return stops[behaviour] ?? 'end';
}

function usageOf(asked: Asked, steps: readonly Step[], behaviour: BehaviourName): TokenUsage {
  const input = Math.max(8, Math.ceil(asked.inputBytes / BYTES_PER_TOKEN));
  const cacheRead = behaviour === 'cached' ? Math.floor(input / 2) : 0;
  const cacheWrite = behaviour === 'cached' ? Math.floor(input / 4) : 0;
  const count = (step: Step): number =>
    step.kind === 'calls' ? step.calls.reduce((sum, call) => sum + 4 + call.pieces.length, 0) : step.pieces.length;
  const sum = (of: readonly Step[]): number => of.reduce((total, step) => total + count(step), 0);
  return {
    inputUncached: input - cacheRead - cacheWrite,
    cacheRead,
    cacheWrite,
    output: sum(steps),
    reasoning: sum(steps.filter(({ kind }) => kind === 'reasoning')),
  };
}

function deliveryOf(behaviour: BehaviourName): Delivery {
  const slow = behaviour === 'slow';
  const faults: readonly string[] = ['error-first-event', 'error-mid-stream', 'cut', 'truncated'];
  return {
    firstDelayMs: slow ? 150 : 0,
    delayMs: slow ? 20 : 0,
    pieceBytes: behaviour === 'split' ? 7 : null,
    fault: faults.includes(behaviour) ? (behaviour as Delivery['fault']) : null,
  };
}

/** Words with the space before them: as models generate text. */
function inWords(text: string): readonly string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}

function inPieces(json: string): readonly string[] {
  return json.match(/[\s\S]{1,9}/gu) ?? [];
}
