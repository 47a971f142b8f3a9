import { type ApplicableLimit, OUTPUT_UNITS } from '@penstock/rate-limiting';
import type { CompiledLimit } from './compiled-config.ts';

/** Limits that apply together, and what they ask of a request. */
export interface LimitSet {
  readonly limits: readonly CompiledLimit[];
  /** One of them counts money. */
  readonly countsCost: boolean;
  /** One of them holds the most that a request can use. */
  readonly holdsMost: boolean;
  /** One that refuses holds the most of what depends on the output: the output needs a bound. */
  readonly boundsOutput: boolean;
  /** One of them refuses a model whose price is unknown. */
  readonly refusesUnknownPrice: boolean;
}

export const NO_LIMITS: LimitSet = {
  limits: [],
  countsCost: false,
  holdsMost: false,
  boundsOutput: false,
  refusesUnknownPrice: false,
};

/** Puts limits together, in their order. */
export function limitSet(...parts: readonly (readonly CompiledLimit[])[]): LimitSet {
  const limits = parts.flat();
  if (limits.length === 0) return NO_LIMITS;
  return {
    limits,
    countsCost: limits.some(({ unit }) => unit === 'cost'),
    holdsMost: limits.some(({ hard }) => hard),
    boundsOutput: limits.some(({ hard, unit, enforced }) => hard && enforced && OUTPUT_UNITS.has(unit)),
    refusesUnknownPrice: limits.some(
      ({ enforced, applicable }) => enforced && applicable.limit.onUnknownPrice === 'deny',
    ),
  };
}

/** The set without some of its limits. */
export function without(set: LimitSet, spared: readonly ApplicableLimit[]): LimitSet {
  if (spared.length === 0) return set;
  return limitSet(set.limits.filter(({ applicable }) => !spared.includes(applicable)));
}
