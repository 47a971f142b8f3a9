import type { TextPattern } from '@penstock/policies';
import type { TextFollower, TextRule, Violation } from '../guardrail/text-rule.ts';
import { ForbiddenFollower } from './forbidden-follower.ts';
import { RequiredFollower } from './required-follower.ts';

interface RegexRuleOptions {
  readonly source: string;
  /** Whether a match is the violation, or the want of one. */
  readonly forbids: boolean;
}

/** A pattern that a text must match, or must not. */
export class RegexRule implements TextRule {
  readonly #pattern: TextPattern;
  readonly #forbids: boolean;
  readonly #endsOpen: boolean;
  readonly #violation: Violation;

  constructor(pattern: TextPattern, { source, forbids }: RegexRuleOptions) {
    this.#pattern = pattern;
    this.#forbids = forbids;
    this.#endsOpen = !/\$|\\[bBz]/.test(source);
    const reason = 'Violation of regular expression detected.';
    this.#violation = { reason, assessments: `${reason} Violated regular expression: ${source}` };
  }

  judge(text: string): Violation | null {
    return this.#pattern.test(text) === this.#forbids ? this.#violation : null;
  }

  follow(): TextFollower {
    if (this.#forbids) return new ForbiddenFollower(this.#pattern, this.#violation, this.#endsOpen);
    return new RequiredFollower((text) => this.judge(text));
  }
}
