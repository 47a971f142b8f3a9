/** A selection of names (`*`: all) of then where it lets in no more than that of now, else that of now. */
export function tighterSelection(then: readonly string[], now: readonly string[]): readonly string[] {
  return now.includes('*') || isPart(then, now) ? then : now;
}

/** The same for address ranges, where none at all lets everybody in. */
export function tighterRanges(then: readonly string[], now: readonly string[]): readonly string[] {
  return now.length === 0 || (then.length > 0 && isPart(then, now)) ? then : now;
}

/** The same for attached quotas, where more of them let in less. */
export function tighterQuotas(then: readonly string[], now: readonly string[]): readonly string[] {
  return isPart(now, then) ? then : now;
}

function isPart(part: readonly string[], whole: readonly string[]): boolean {
  return part.every((name) => whole.includes(name));
}
