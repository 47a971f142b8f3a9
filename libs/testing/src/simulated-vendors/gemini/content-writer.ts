import { sseFrame } from '../sse-frame.ts';
import { mintSignature } from '../turn/signature-mint.ts';
import { familyOf } from '../turn/scenario.ts';
import { type Call, idFor, textOf, type Turn } from '../turn/turn.ts';
import type { Frame, TurnWriter } from '../vendor.ts';
import { failAsGemini } from './errors.ts';
import { isThinkingFamily } from './model-family.ts';

type Part = Readonly<Record<string, unknown>>;

const finishReasons = {
  end: 'STOP',
  'stop-sequence': 'STOP',
  tools: 'STOP',
  length: 'MAX_TOKENS',
  refusal: 'SAFETY',
  filter: 'SAFETY',
} as const;

/** Writes turns as `generateContent` and, with `alt=sse`, `streamGenerateContent` do: lines end in CRLF there. */
export class ContentWriter implements TurnWriter {
  readonly stream: boolean;
  readonly contentType = 'text/event-stream';
  readonly #showsThoughts: boolean;

  constructor(stream: boolean, showsThoughts: boolean) {
    this.stream = stream;
    this.#showsThoughts = showsThoughts;
  }

  whole(turn: Turn): unknown {
    if (turn.stop === 'refusal') return blocked(turn);
    const parts = this.#streamedParts(turn).flat();
    const content = { parts: mergeTexts(parts), role: 'model' };
    const candidate = { content, finishReason: finishReasons[turn.stop], index: 0 };
    return { candidates: [candidate], usageMetadata: usage(turn), ...tail(turn) };
  }

  /** The finish comes in a chunk of its own with an empty text, which for thinkers carries the signature of the text. */
  *frames(turn: Turn): Iterable<Frame> {
    if (turn.stop === 'refusal') {
      yield sseFrame(blocked(turn), null, '\r\n');
      return;
    }
    const chunks = this.#streamedParts(turn);
    // Recorded: chunks that tell only of the traffic, without candidates.
    if (turn.odd) yield sseFrame({ usageMetadata: { trafficType: 'ON_DEMAND' } }, null, '\r\n');
    for (const parts of chunks) yield chunk(turn, { content: { parts, role: 'model' }, index: 0 }, interimUsage(turn));
    const last = chunks.at(-1)?.[0];
    const ending = last !== undefined && 'thoughtSignature' in last && last['text'] === '' ? [] : [{ text: '' }];
    const content = { parts: ending, role: 'model' };
    const finish = { finishReason: finishReasons[turn.stop], index: 0 };
    yield chunk(turn, ending.length > 0 ? { content, ...finish } : finish, usage(turn));
  }

  *errorFrames(turn: Turn): Iterable<Frame> {
    yield sseFrame(failAsGemini('overloaded', turn.model).body, null, '\r\n');
  }

  /** The parts of each chunk in order. */
  #streamedParts(turn: Turn): readonly (readonly Part[])[] {
    const thinks = isThinkingFamily(familyOf(turn.model));
    const thoughts = turn.steps.some(({ kind }) => kind === 'reasoning');
    const signature = mintSignature('gemini', `${turn.id}`);
    const chunks = turn.steps.flatMap((step, place): (readonly Part[])[] => {
      if (step.kind === 'reasoning')
        return this.#showsThoughts ? step.pieces.map((text) => [{ text, thought: true }]) : [];
      if (step.kind === 'text') return step.pieces.map((text) => [{ text }]);
      if (step.kind === 'refusal') return [];
      return step.calls.map((call, index) => {
        const signed = index === 0 && (thinks || thoughts) ? { thoughtSignature: signature } : {};
        return [{ functionCall: callPart(turn, call, thinks ? `${place}-${index}` : null), ...signed }];
      });
    });
    const endsInText = turn.steps.at(-1)?.kind === 'text';
    return endsInText && thoughts ? [...chunks, [{ text: '', thoughtSignature: signature }]] : chunks;
  }
}

/** Since Gemini 3 calls have ids. */
function callPart(turn: Turn, { name, input }: Call, place: string | null): Part {
  return { ...(place === null ? {} : { id: idFor(turn, place, 8).toLowerCase() }), name, args: input };
}

/** Without a stream neighbouring texts of a kind are one part. */
function mergeTexts(parts: readonly Part[]): readonly Part[] {
  const merged: Part[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    const joins =
      last &&
      typeof last['text'] === 'string' &&
      typeof part['text'] === 'string' &&
      last['thought'] === part['thought'];
    if (joins) merged[merged.length - 1] = { ...last, ...part, text: `${String(last['text'])}${String(part['text'])}` };
    else merged.push(part);
  }
  return merged;
}

function blocked(turn: Turn): object {
  return {
    promptFeedback: { blockReason: 'SAFETY', blockReasonMessage: textOf(turn, 'refusal') },
    usageMetadata: { promptTokenCount: usage(turn).promptTokenCount, totalTokenCount: usage(turn).promptTokenCount },
    ...tail(turn),
  };
}

function chunk(turn: Turn, candidate: object, usageMetadata: object): string {
  return sseFrame({ candidates: [candidate], usageMetadata, ...tail(turn) }, null, '\r\n');
}

function tail(turn: Turn): object {
  return { modelVersion: turn.model, responseId: idFor(turn, 'response', 23) };
}

/** Before the end the counts are not yet known: only the prompt's are. */
function interimUsage(turn: Turn): object {
  const { promptTokenCount } = usage(turn);
  return { promptTokenCount, totalTokenCount: promptTokenCount };
}

/** `promptTokenCount` contains the cached tokens; `candidatesTokenCount` does not contain the thoughts. */
function usage({ usage: truth }: Turn) {
  const prompt = truth.inputUncached + truth.cacheRead + truth.cacheWrite;
  return {
    promptTokenCount: prompt,
    candidatesTokenCount: truth.output - truth.reasoning,
    totalTokenCount: prompt + truth.output,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: prompt }],
    ...(truth.cacheRead > 0
      ? {
          cachedContentTokenCount: truth.cacheRead,
          cacheTokensDetails: [{ modality: 'TEXT', tokenCount: truth.cacheRead }],
        }
      : {}),
    ...(truth.reasoning > 0 ? { thoughtsTokenCount: truth.reasoning } : {}),
  };
}
