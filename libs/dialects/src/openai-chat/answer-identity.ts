import type { EncodeAnswerContext } from '../canonical/dialect-codec.ts';

/** What every chunk of an answer repeats. */
export interface AnswerIdentity {
  readonly id: string;
  readonly created: number;
  /** The name by which the caller asked. */
  readonly model: string;
}

/** The upstream's id where it has the shape that callers know, else one of ours. */
export function answerIdentity(
  answer: { readonly id: string; readonly created?: number },
  context: EncodeAnswerContext,
  prefix: 'chatcmpl-' | 'cmpl-',
): AnswerIdentity {
  const id = answer.id.startsWith(prefix) ? answer.id : prefix + context.createId();
  return { id, created: answer.created ?? context.created, model: context.model };
}
