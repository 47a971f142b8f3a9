import type { CanonicalEvent } from '@penstock/dialects';
import { GuardedChoice } from '../guardrail/guarded-choice.ts';
import type { Violation } from '../guardrail/text-rule.ts';
import type { StreamFilter } from '../policy.ts';
import { ChoiceKeys } from '../text/choice-keys.ts';
import { UrlFollower } from './url-follower.ts';
import { JudgedUrls, type UrlRule } from './url-rule.ts';

type Events = readonly CanonicalEvent[];

interface Guarded {
  readonly choice: GuardedChoice;
  readonly follower: UrlFollower;
}

/** Follows the text of a streamed answer: what comes before a URL goes on at once, and the URL itself when it was found good. */
export class UrlGuardedStream implements StreamFilter {
  readonly #urls: JudgedUrls;
  readonly #onViolation: (violation: Violation) => void;
  readonly #keys = new ChoiceKeys();
  readonly #choices = new Map<number, Guarded>();

  /** `onViolation` may throw, which ends the stream; where it returns, the choice passes unjudged. */
  constructor(rule: UrlRule, onViolation: (violation: Violation) => void) {
    this.#urls = new JudgedUrls(rule);
    this.#onViolation = onViolation;
  }

  push(event: CanonicalEvent): Events | Promise<Events> {
    if (event.type === 'end') return this.#endAll(event);
    const index = this.#keys.choiceOf(event);
    if (index === null) return [event];
    const guarded = this.#choiceOf(index);
    if (event.type === 'finish') {
      guarded.follower.finish();
      return this.#judge([guarded], () => [...guarded.choice.end(), event]);
    }
    const passed = guarded.choice.push(event);
    if (!guarded.follower.waits) return passed;
    return this.#judge([guarded], () => [...passed, ...guarded.choice.release()]);
  }

  #endAll(event: CanonicalEvent): Events | Promise<Events> {
    const all = [...this.#choices.values()];
    for (const { follower } of all) follower.finish();
    return this.#judge(all, () => [...all.flatMap(({ choice }) => choice.end()), event]);
  }

  #judge(all: readonly Guarded[], goOn: () => Events): Events | Promise<Events> {
    const found = all.filter(({ follower }) => follower.waits);
    const tell = (violation: Violation | null): Events => {
      for (const { follower } of found) follower.clear(violation !== null);
      found[0]?.choice.tell(violation);
      return goOn();
    };
    const isOverfull = found.some(({ follower }) => follower.isOverfull);
    const urls = found.flatMap(({ follower }) => follower.found);
    const verdict = isOverfull ? this.#urls.tooMany : this.#urls.judge(urls);
    return verdict instanceof Promise ? verdict.then(tell) : tell(verdict);
  }

  #choiceOf(index: number): Guarded {
    const known = this.#choices.get(index);
    if (known) return known;
    const follower = new UrlFollower();
    const guarded = { follower, choice: new GuardedChoice(follower, this.#onViolation) };
    this.#choices.set(index, guarded);
    return guarded;
  }
}
