import type { CanonicalEvent } from '@penstock/dialects';
import type { StreamFilter } from '../policy.ts';
import { ChoiceKeys } from '../text/choice-keys.ts';
import { GuardedChoice } from './guarded-choice.ts';
import type { TextRule, Violation } from './text-rule.ts';

/** Follows the text of a streamed answer, each choice by itself, and holds back what is not yet known to be in order. */
export class GuardedStream implements StreamFilter {
  readonly #rule: TextRule;
  readonly #onViolation: (violation: Violation) => void;
  readonly #keys = new ChoiceKeys();
  readonly #choices = new Map<number, GuardedChoice>();

  /** `onViolation` is called once for each choice; when it returns, the choice passes unjudged. */
  constructor(rule: TextRule, onViolation: (violation: Violation) => void) {
    this.#rule = rule;
    this.#onViolation = onViolation;
  }

  push(event: CanonicalEvent): readonly CanonicalEvent[] {
    if (event.type === 'end') return [...[...this.#choices.values()].flatMap((choice) => choice.end()), event];
    const index = this.#keys.choiceOf(event);
    if (index === null) return [event];
    const choice = this.#choiceOf(index);
    return event.type === 'finish' ? [...choice.end(), event] : choice.push(event);
  }

  #choiceOf(index: number): GuardedChoice {
    const known = this.#choices.get(index);
    if (known) return known;
    const choice = new GuardedChoice(this.#rule.follow(), this.#onViolation);
    this.#choices.set(index, choice);
    return choice;
  }
}
