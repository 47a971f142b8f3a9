import { toolInput } from './tool-input.ts';

/**
 * The arguments of one streamed call, as pieces of `partial_json` that add up to an object: official clients parse the whole.
 * Text that does not begin as an object is held back and wrapped at the end.
 */
export class CallArguments {
  readonly #isCustom: boolean;
  #held = '';
  #flows = false;

  /** `isCustom`: the pieces are bare text, which becomes the member `input`. */
  constructor(isCustom: boolean) {
    this.#isCustom = isCustom;
  }

  /** What may be sent now; '' for nothing. */
  push(text: string): string {
    if (this.#isCustom) return this.#pushBare(text);
    if (this.#flows) return text;
    this.#held += text;
    if (!this.#held.trimStart().startsWith('{')) return '';
    this.#flows = true;
    return this.#held;
  }

  /** What is still missing; '' when there were no arguments at all, since Anthropic sends nothing then either. */
  end(): string {
    if (this.#isCustom) return `${this.#pushBare('')}"}`;
    return this.#flows || this.#held.trim() === '' ? '' : JSON.stringify(toolInput(this.#held));
  }

  #pushBare(text: string): string {
    const begin = this.#flows ? '' : '{"input":"';
    this.#flows = true;
    return begin + JSON.stringify(text).slice(1, -1);
  }
}
