import type { CanonicalEvent } from '../canonical/canonical-event.ts';
import type { JsonObject } from '../canonical/json.ts';
import { brokenAnswer } from './errors.ts';
import type { AnswerProgress, ItemReader } from './item-reader.ts';
import { textOf } from './json-fields.ts';
import { expandParallelWrapper, mayBeParallelWrapper } from './parallel-wrapper.ts';

/**
 * Reads a streamed call. Its arguments wait until its id and name are known, for providers that name it only at its end,
 * and the arguments of what may be a wrapper of several calls until they are whole.
 */
export class CallItemReader implements ItemReader {
  readonly #key: string;
  readonly #progress: AnswerProgress;
  readonly #kind: 'function' | 'custom';
  #callId: string | undefined;
  #name: string | undefined;
  #namespace: string | undefined;
  #started = false;
  /** Arguments that came by deltas, emitted or not. */
  #arguments = '';
  /** Arguments that came in one piece. */
  #whole: string | undefined;
  ended = false;

  constructor(key: string, progress: AnswerProgress, kind: 'function' | 'custom') {
    this.#key = key;
    this.#progress = progress;
    this.#kind = kind;
    progress.calls = true;
  }

  get callId(): string | undefined {
    return this.#callId;
  }

  added(item: JsonObject): readonly CanonicalEvent[] {
    this.#identify(item);
    return this.#start();
  }

  delta(text: string): readonly CanonicalEvent[] {
    this.#arguments += text;
    return this.#started ? this.#emit(text) : [];
  }

  /** The event that says that the arguments are complete, which may name the call, too. */
  argumentsDone(event: JsonObject): readonly CanonicalEvent[] {
    this.#name ??= textOf(event['name']);
    this.#whole = this.#argumentsIn(event) ?? this.#whole;
    return [...this.#start(), ...this.#complete()];
  }

  done(item: JsonObject): readonly CanonicalEvent[] {
    this.#identify(item);
    return [...this.#start(), ...this.end()];
  }

  end(): readonly CanonicalEvent[] {
    this.ended = true;
    if (this.#name === undefined) {
      return [{ type: 'error', error: brokenAnswer('The upstream sent a tool call without a name.') }];
    }
    this.#callId ??= this.#progress.context.createId();
    const calls = this.#mayBeWrapper() ? this.#expand(this.#callId) : null;
    if (calls) return calls;
    const started = this.#started ? [] : this.#open(this.#callId, this.#name);
    return [...started, ...this.#complete(), { type: 'tool-call-end', key: this.#key }];
  }

  #identify(item: JsonObject): void {
    this.#callId ??= textOf(item['call_id']);
    this.#name ??= textOf(item['name']);
    this.#namespace ??= textOf(item['namespace']);
    this.#whole = this.#argumentsIn(item) ?? this.#whole;
  }

  #argumentsIn(holder: JsonObject): string | undefined {
    return textOf(holder[this.#kind === 'custom' ? 'input' : 'arguments']);
  }

  #start(): readonly CanonicalEvent[] {
    if (this.#started || this.#callId === undefined || this.#name === undefined || this.#mayBeWrapper()) return [];
    return this.#open(this.#callId, this.#name);
  }

  #open(id: string, name: string): readonly CanonicalEvent[] {
    this.#started = true;
    const namespace = this.#namespace === undefined ? {} : { namespace: this.#namespace };
    return [
      { type: 'tool-call-start', key: this.#key, id, name, kind: this.#kind, ...namespace },
      ...this.#emit(this.#arguments),
    ];
  }

  #emit(text: string): readonly CanonicalEvent[] {
    return text === '' ? [] : [{ type: 'tool-call-arguments', key: this.#key, text }];
  }

  /** What the whole arguments have beyond the deltas; all of them when there was none. */
  #complete(): readonly CanonicalEvent[] {
    const whole = this.#whole ?? '';
    if (!this.#started || !whole.startsWith(this.#arguments)) return [];
    const rest = whole.slice(this.#arguments.length);
    this.#arguments = whole;
    return this.#emit(rest);
  }

  #mayBeWrapper(): boolean {
    if (this.#kind === 'custom' || this.#name === undefined) return false;
    return mayBeParallelWrapper(this.#name, this.#progress.context.toolNames);
  }

  #expand(id: string): readonly CanonicalEvent[] | null {
    const { toolNames } = this.#progress.context;
    const calls = expandParallelWrapper(id, this.#whole ?? this.#arguments, toolNames);
    if (!calls) return null;
    return calls.flatMap((call, index): CanonicalEvent[] => {
      const key = `${this.#key}.${index}`;
      return [
        { type: 'tool-call-start', key, id: call.id, name: call.name, kind: 'function' },
        { type: 'tool-call-arguments', key, text: call.arguments },
        { type: 'tool-call-end', key },
      ];
    });
  }
}
