import type { EncodeAnswerContext } from '../canonical/dialect-codec.ts';
import type { WireMessageFrame } from './schema.ts';

/** What every message to a caller begins with. An upstream's id is kept where it looks like one of Anthropic's. */
export function messageFrame(upstreamId: string, context: EncodeAnswerContext): WireMessageFrame {
  return {
    id: upstreamId.startsWith('msg_') ? upstreamId : `msg_${context.createId()}${context.createId()}`,
    type: 'message',
    role: 'assistant',
    model: context.model,
    container: null,
    diagnostics: null,
  };
}
