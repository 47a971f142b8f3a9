import type { CanonicalEvent } from '../canonical/canonical-event.ts';
import type { Signature } from '../canonical/signature.ts';

type RunKind = 'text' | 'reasoning' | 'refusal';

interface Run {
  readonly kind: RunKind;
  readonly key: string;
  /** Which entry of `reasoning_details` it is; null where the upstream does not say. */
  readonly index: number | null;
  signed: boolean;
}

/**
 * Keys of a choice's text, reasoning and refusal: pieces of one kind in a row share a key, and when the kind changes the part is
 * complete. So the order in which an upstream tells things stays.
 */
export class StreamRun {
  readonly #choice: number;
  #run: Run | null = null;
  #count = 0;
  #lastTextKey: string | null = null;
  /** Whether anything was said. */
  hasContent = false;

  constructor(choice: number) {
    this.#choice = choice;
  }

  /** Events that have to precede a piece of this kind, and its key. */
  open(
    kind: RunKind,
    index: number | null = null,
  ): { readonly key: string; readonly before: readonly CanonicalEvent[] } {
    this.hasContent = true;
    if (this.#run?.kind === kind && this.#run.index === index && !this.#run.signed)
      return { key: this.#run.key, before: [] };
    const before = this.close();
    const key = `${kind}${this.#choice}.${this.#count}`;
    this.#count += 1;
    this.#run = { kind, key, index, signed: false };
    if (kind === 'text') this.#lastTextKey = key;
    return { key, before };
  }

  /** Signs the reasoning that is open; where none is, the signature stands for reasoning that is not shown. */
  sign(signature: Signature, redacted: boolean): readonly CanonicalEvent[] {
    const isOpen = this.#run?.kind === 'reasoning' && !this.#run.signed && !redacted;
    const before = isOpen ? [] : this.close();
    const { key } = this.open('reasoning', isOpen ? (this.#run?.index ?? null) : null);
    if (this.#run) this.#run.signed = true;
    const event = { type: 'reasoning-signature', key, signature } as const;
    return [...before, redacted ? { ...event, redacted } : event];
  }

  /** Signs the text that came last. */
  signText(signature: Signature): readonly CanonicalEvent[] {
    if (this.#lastTextKey !== null) return [{ type: 'text-signature', key: this.#lastTextKey, signature }];
    const { key, before } = this.open('text');
    return [...before, { type: 'text-signature', key, signature }];
  }

  /** What is open is complete. */
  close(): readonly CanonicalEvent[] {
    const run = this.#run;
    this.#run = null;
    return run ? [{ type: 'part-end', key: run.key }] : [];
  }
}
