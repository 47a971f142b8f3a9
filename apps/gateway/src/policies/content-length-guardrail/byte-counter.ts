import type { Counter } from '../guardrail/count-rule.ts';

/** Counts bytes of UTF-8 without white space at the beginning and at the end. Surrogate pairs must not be torn apart. */
export class ByteCounter implements Counter {
  count = 0;
  #begun = false;
  /** White space that counts if something follows. */
  #waiting = 0;

  push(piece: string): void {
    const text = this.#begun ? piece : piece.trimStart();
    if (text === '') return;
    this.#begun = true;
    const solid = text.trimEnd();
    const space = Buffer.byteLength(text.slice(solid.length));
    if (solid === '') {
      this.#waiting += space;
      return;
    }
    this.count += this.#waiting + Buffer.byteLength(solid);
    this.#waiting = space;
  }
}
