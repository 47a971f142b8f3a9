import type { Json } from './sample-from-schema.ts';

export interface Call {
  readonly name: string;
  readonly input: Readonly<Record<string, Json>>;
  /** The input as JSON text, cut into pieces as it is generated; empty for no arguments. */
  readonly pieces: readonly string[];
}

/** One thing after another that a model brings forth. */
export type Step =
  | { readonly kind: 'reasoning'; readonly pieces: readonly string[] }
  | { readonly kind: 'text'; readonly pieces: readonly string[] }
  | { readonly kind: 'refusal'; readonly pieces: readonly string[] }
  | { readonly kind: 'calls'; readonly calls: readonly Call[] };

export type StopCause = 'end' | 'stop-sequence' | 'tools' | 'length' | 'refusal' | 'filter';

/** Tokens. `output` contains `reasoning`. */
export interface TokenUsage {
  readonly inputUncached: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
}

/** What becomes of the stream beside its contents. */
export interface Delivery {
  readonly firstDelayMs: number;
  readonly delayMs: number;
  /** Bytes; null: each frame on its own. */
  readonly pieceBytes: number | null;
  readonly fault: 'error-first-event' | 'error-mid-stream' | 'cut' | 'truncated' | null;
}

/** One turn of the simulated model, settled before its first byte is sent. */
export interface Turn {
  /** Counts the turns of a server. */
  readonly id: number;
  readonly model: string;
  readonly steps: readonly Step[];
  readonly stop: StopCause;
  readonly stopSequence: string | null;
  readonly usage: TokenUsage;
  readonly delivery: Delivery;
  /** Whether the stream has the vendor's rarer oddities. */
  readonly odd: boolean;
}

/** All pieces of one kind, joined. */
export function textOf(turn: Turn, kind: 'text' | 'reasoning' | 'refusal'): string {
  return turn.steps.flatMap((step) => (step.kind === kind ? step.pieces : [])).join('');
}

export function callsOf(turn: Turn): readonly Call[] {
  return turn.steps.flatMap((step) => (step.kind === 'calls' ? step.calls : []));
}

/** Letters and digits that differ for every turn and place: what vendors make ids of. */
export function idFor(turn: Pick<Turn, 'id'>, place: number | string, length: number): string {
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789';
  let state = 2166136261;
  for (const character of `${turn.id}/${place}`) state = Math.imul(state ^ character.charCodeAt(0), 16777619) >>> 0;
  let id = '';
  for (let index = 0; index < length; index += 1) {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9 + index) >>> 0;
    id += alphabet[state % alphabet.length] ?? 'A';
  }
  return id;
}
