/** A share of a cost: how many tokens of a kind, and what one of them weighs. */
export interface CostPart {
  readonly tokens: number;
  readonly weight: number;
}

/** Splits whole micro-USD by tokens times weight, so that the parts add up to the cost exactly: what rounding leaves goes to the largest remainders. */
export function splitCost(costMicroUsd: number, parts: readonly CostPart[]): number[] {
  const shares = parts.map(({ tokens, weight }) => tokens * weight);
  const total = shares.reduce((sum, share) => sum + share, 0);
  if (total <= 0) return parts.map((_, index) => (index === 0 ? costMicroUsd : 0));
  const exact = shares.map((share) => (share / total) * costMicroUsd);
  const whole = exact.map((share) => Math.floor(share));
  let rest = costMicroUsd - whole.reduce((sum, share) => sum + share, 0);
  const byRemainder = exact.map((share, index) => ({ index, remainder: share - Math.floor(share) }));
  byRemainder.sort((one, other) => other.remainder - one.remainder || one.index - other.index);
  for (let turn = 0; rest !== 0; turn += 1) {
    const index = byRemainder[turn % byRemainder.length]?.index ?? 0;
    const step = Math.sign(rest);
    // A double may be off by one in sums beyond 2 ** 52; nothing is given a negative cost for it.
    if (step < 0 && (whole[index] ?? 0) === 0) continue;
    whole[index] = (whole[index] ?? 0) + step;
    rest -= step;
  }
  return whole;
}
