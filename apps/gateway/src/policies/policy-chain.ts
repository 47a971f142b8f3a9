import type { ExecutionCondition } from '@penstock/policies';
import type { CompiledKey } from '../config/compiled-config.ts';
import { limitSet, type LimitSet } from '../config/limit-set.ts';
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
  readonly preflight: readonly PolicyStep[];
  readonly lookUp: readonly PolicyStep[];
  readonly mayTry: readonly PolicyStep[];
  readonly limits: readonly PolicyStep[];
  readonly answerHead: readonly PolicyStep[];
  readonly #conditional: boolean;
  readonly #limitSets = new WeakMap<object, LimitSet>();

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
    this.preflight = having('onPreflight');
    this.lookUp = having('onLookUp');
    this.mayTry = having('mayTry');
    this.limits = having('limits');
    this.answerHead = having('onAnswerHead');
    this.#conditional = steps.some(({ condition }) => condition !== null);
  }

  /** What a key meets at the operation; `access` is always the same for a key. Remembered where no condition decides. */
  limitsFor(key: CompiledKey | null, access: LimitSet, applies: (step: PolicyStep) => boolean): LimitSet {
    if (this.limits.length === 0) return access;
    const known = this.#limitSets.get(key ?? this);
    if (known) return known;
    const steps = this.limits.filter(applies);
    const set = limitSet(access.limits, ...steps.map(({ policy }) => policy.limits?.of(key) ?? []));
    if (this.limits.every(({ condition }) => condition === null)) this.#limitSets.set(key ?? this, set);
    return set;
  }

  /** Whether any policy has a condition, so that its input is worth making. */
  get conditional(): boolean {
    return this.#conditional;
  }
}
