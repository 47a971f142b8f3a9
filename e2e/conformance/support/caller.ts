import type { Answer, Question } from './conversation.ts';
import type { UpstreamName } from './upstream.ts';

/** How the end of a stream looks in a dialect. */
export interface BrokenStream {
  readonly status: number;
  readonly contentType: string;
  /** The text that was read before the stream broke. */
  readonly text: string;
  /** Whether the stream ended with what clients take for a complete answer. */
  readonly complete: boolean;
  /** Message of the error in the last event; null when that event is none. */
  readonly error: string | null;
}

/** Someone who asks in one dialect, with the vendor's official client. */
export interface Caller {
  readonly name: CallerName;
  /** What the docs call the surface. */
  readonly title: string;
  readonly path: string;
  /** Package of the official client, for the docs. */
  readonly client: string;
  /** Upstreams that speak its dialect, so that answers pass through; the first is the vendor whose dialect it is. */
  readonly kin: readonly [UpstreamName, ...UpstreamName[]];
  /** How it asks for thoughts where it may choose. */
  readonly thinking: Thinking;
  /** Asks through the official client, which throws where the answer breaks the dialect. Throws `Refusal` for an error answer. */
  ask(question: Question): Promise<Answer>;
  /** Asks for a stream and reads its events as they are. */
  read(question: Question): Promise<BrokenStream>;
}

/** By naming a level, or by a budget of tokens as older clients do. */
export type Thinking = 'level' | 'budget';

export const callerNames = [
  'chat',
  'responses',
  'messages',
  'messages-2023-06-01',
  'generate-content',
  'completions',
] as const;
export type CallerName = (typeof callerNames)[number];

/** Where the gateway is, and what opens it. */
export interface Door {
  readonly url: string;
  readonly key: string;
}
