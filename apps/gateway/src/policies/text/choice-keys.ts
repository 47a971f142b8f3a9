import type { CanonicalEvent } from '@penstock/dialects';

/** Tells to which choice of a stream an event belongs: later events of a part say only its key. */
export class ChoiceKeys {
  readonly #choices = new Map<string, number>();

  /** Null: the event is of the whole answer. */
  choiceOf(event: CanonicalEvent): number | null {
    if ('choice' in event && event.choice !== undefined) {
      if ('key' in event) this.#choices.set(event.key, event.choice);
      return event.choice;
    }
    if (event.type === 'finish') return 0;
    return 'key' in event ? (this.#choices.get(event.key) ?? 0) : null;
  }
}
