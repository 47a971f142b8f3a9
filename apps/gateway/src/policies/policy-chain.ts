import type { ExecutionCondition } from '@penstock/policies';
import type { CompiledKey } from '../config/compiled-config.ts';
import { limitSet, type LimitSet } from '../config/limit-set.ts';
import type { BodyCall, Policy } from './policy.ts';

/** A policy, and when it runs. */
export interface PolicyStep {
  readonly policy: Policy;
  /** Null: always. */
  readonly condition: ExecutionCondition | null;
}

/** For which request limits are asked for. */
export interface AskedLimits {
  readonly call: BodyCall | null;
  readonly applies: (step: PolicyStep) => boolean;
}

/** The chains of operations that share a path but for what its parameter ends with, such as `:generateContent`. */
export type ChainVariants = ReadonlyMap<string, PolicyChain | null>;

/** The policies of one operation of a proxy, by what they want to see; compiled once per snapshot. */
export class PolicyChain {
  readonly steps: readonly PolicyStep[];
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
  /** A key meets the same limits each time. */
  readonly #limitsStay: boolean;
  /** By the limits that are met anyway, then by key: one chain may stand at several places. */
  #limitSets: WeakMap<LimitSet, WeakMap<object, LimitSet>> | undefined;
  readonly #variants: ChainVariants | null;
  #rests: WeakMap<PolicyChain, { readonly rest: PolicyChain | null }> | undefined;

  constructor(steps: readonly PolicyStep[], variants: ChainVariants | null = null) {
    this.steps = steps;
    this.#variants = variants;
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
    this.#limitsStay = this.limits.every(({ condition, policy }) => condition === null && !policy.limits?.isPerRequest);
    this.#conditional = steps.some(({ condition }) => condition !== null);
  }

  /** The chain for what a path ends with; null: none. */
  at(parameter: string): PolicyChain | null {
    if (this.#variants === null) return this;
    const suffix = parameter.slice(parameter.lastIndexOf(':'));
    return this.#variants.has(suffix) ? (this.#variants.get(suffix) ?? null) : this;
  }

  /** What stands here and not in another chain of the same policies; null: nothing. Put together once. */
  without(passed: PolicyChain): PolicyChain | null {
    if (passed === this) return null;
    this.#rests ??= new WeakMap();
    let known = this.#rests.get(passed);
    if (!known) {
      const steps = this.steps.filter((step) => !passed.steps.includes(step));
      known = { rest: steps.length === 0 ? null : new PolicyChain(steps) };
      this.#rests.set(passed, known);
    }
    return known.rest;
  }

  /** What a key meets at the operation, beside `access`. Remembered where neither a condition nor the request decides. */
  limitsFor(key: CompiledKey | null, access: LimitSet, asked: AskedLimits): LimitSet {
    if (this.limits.length === 0) return access;
    const known = this.#limitSets?.get(access)?.get(key ?? this);
    if (known) return known;
    const steps = this.limits.filter(asked.applies);
    const set = limitSet(access.limits, ...steps.map(({ policy }) => policy.limits?.of(key, asked.call) ?? []));
    if (this.#limitsStay) this.#remember(key ?? this, access, set);
    return set;
  }

  #remember(key: object, access: LimitSet, set: LimitSet): void {
    this.#limitSets ??= new WeakMap();
    let byKey = this.#limitSets.get(access);
    if (!byKey) this.#limitSets.set(access, (byKey = new WeakMap()));
    byKey.set(key, set);
  }

  /** Whether any policy has a condition, so that its input is worth making. */
  get conditional(): boolean {
    return this.#conditional;
  }
}
