import type { CanonicalEvent } from '../canonical/canonical-event.ts';
import type { DecodeAnswerContext } from '../canonical/dialect-codec.ts';
import type { JsonObject } from '../canonical/json.ts';

/** What the readers of one answer's items know together. */
export interface AnswerProgress {
  readonly context: DecodeAnswerContext;
  /** UTF-16 units of text so far. */
  textLength: number;
  calls: boolean;
  refused: boolean;
}

/** Reads one streamed output item, whichever of its events come. */
export interface ItemReader {
  readonly ended: boolean;
  /** The finished item: emits what is still missing, and ends it. */
  done(item: JsonObject): readonly CanonicalEvent[];
  /** Ends an item whose finished form never came. */
  end(): readonly CanonicalEvent[];
}
