import type { ChatUsage } from '../openai-chat/schema.ts';

/** `finish_reason` as the types of the old completions have it. */
export type CompletionFinishReason = 'stop' | 'length' | 'content_filter';

export type CompletionChoice = {
  readonly text: string;
  readonly index: number;
  readonly logprobs: null;
  /** Null in all chunks of a stream but a choice's last. */
  readonly finish_reason: CompletionFinishReason | null;
};

/** A whole answer, and a chunk of a streamed one. */
export type Completion = {
  readonly id: string;
  readonly object: 'text_completion';
  readonly created: number;
  readonly model: string;
  readonly choices: readonly CompletionChoice[];
  readonly usage?: ChatUsage | null;
};
