import type { ExecutionCondition } from '@penstock/policies';
import type { Policy } from './policy.ts';

/** A policy, and when it runs. */
export interface PolicyStep {
  readonly policy: Policy;
  /** Null: always. */
  readonly condition: ExecutionCondition | null;
}

/** The policies of one operation of a proxy, by what they want to see; compiled once per snapshot. */
export class PolicyChain {
  readonly head: readonly PolicyStep[];
  readonly body: readonly PolicyStep[];
  readonly route: readonly PolicyStep[];
  readonly attempt: readonly PolicyStep[];
  /** In the order in which answers pass them: the last policy first. */
  readonly answer: readonly PolicyStep[];
  readonly stream: readonly PolicyStep[];
  readonly end: readonly PolicyStep[];
  readonly #conditional: boolean;

  constructor(steps: readonly PolicyStep[]) {
    const having = (hook: keyof Policy): readonly PolicyStep[] =>
      steps.filter(({ policy }) => policy[hook] !== undefined);
    this.head = having('onHead');
    this.body = having('onBody');
    this.route = having('onRoute');
    this.attempt = having('onAttempt');
    this.answer = having('onAnswer').toReversed();
    this.stream = having('createStreamFilter').toReversed();
    this.end = having('onEnd');
    this.#conditional = steps.some(({ condition }) => condition !== null);
  }

  /** Whether any policy has a condition, so that its input is worth making. */
  get conditional(): boolean {
    return this.#conditional;
  }
}
