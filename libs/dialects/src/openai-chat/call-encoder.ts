import type { CanonicalEvent } from '../canonical/canonical-event.ts';
import type { Signature } from '../canonical/signature.ts';
import type { ChatDelta, ChatToolCallDelta } from './schema.ts';
import { googleExtraContent } from './signature-carriers.ts';

interface OpenCall {
  readonly index: number;
  readonly kind: 'function' | 'custom';
  hasArguments: boolean;
}

/** Writes the calls of one choice, numbered from 0 in the order in which they come. */
export class CallEncoder {
  readonly #isLegacy: boolean;
  readonly #seal: (signature: Signature) => string;
  readonly #open = new Map<string, OpenCall>();
  #count = 0;

  /** `isLegacy`: the caller knows `function_call`, of which there is only one. */
  constructor(isLegacy: boolean, seal: (signature: Signature) => string) {
    this.#isLegacy = isLegacy;
    this.#seal = seal;
  }

  start(event: Extract<CanonicalEvent, { type: 'tool-call-start' }>): ChatDelta | null {
    const { key, id, name, kind, signature } = event;
    const index = this.#count;
    this.#count += 1;
    if (this.#isLegacy) {
      if (index > 0) return null;
      this.#open.set(key, { index, kind, hasArguments: false });
      return { function_call: { name, arguments: '' } };
    }
    this.#open.set(key, { index, kind, hasArguments: false });
    const extra = signature ? { extra_content: googleExtraContent(this.#seal(signature)) } : {};
    const call: ChatToolCallDelta =
      kind === 'custom'
        ? { index, id, type: 'custom', custom: { name, input: '' }, ...extra }
        : { index, id, type: 'function', function: { name, arguments: '' }, ...extra };
    return { tool_calls: [call] };
  }

  addArguments(key: string, text: string): ChatDelta | null {
    const call = this.#open.get(key);
    if (!call || text === '') return null;
    call.hasArguments = true;
    if (this.#isLegacy) return { function_call: { arguments: text } };
    const piece = call.kind === 'custom' ? { custom: { input: text } } : { function: { arguments: text } };
    return { tool_calls: [{ index: call.index, ...piece }] };
  }

  /** Callers parse the arguments, also those of a call that has none. */
  end(key: string): ChatDelta | null {
    const call = this.#open.get(key);
    const delta = call && !call.hasArguments && call.kind === 'function' ? this.addArguments(key, '{}') : null;
    this.#open.delete(key);
    return delta;
  }

  /** What completes the calls whose end was not told. */
  finish(): readonly ChatDelta[] {
    return [...this.#open.keys()].map((key) => this.end(key)).filter((delta) => delta !== null);
  }
}
