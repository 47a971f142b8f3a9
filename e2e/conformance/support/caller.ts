import type { Answer, Question } from './conversation.ts';

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
  /** What the documentation should say of how it was driven. */
  readonly client: string;
  /** Asks through the official client, which throws where the answer breaks the dialect. Throws `Refusal` for an error answer. */
  ask(question: Question): Promise<Answer>;
  /** Asks for a stream and reads its events as they are. */
  read(question: Question): Promise<BrokenStream>;
}

export const callerNames = ['chat', 'responses', 'messages', 'generate-content', 'completions'] as const;
export type CallerName = (typeof callerNames)[number];

/** Where the gateway is, and what opens it. */
export interface Door {
  readonly url: string;
  readonly key: string;
}
