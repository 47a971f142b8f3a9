/** The highest of the thresholds (percents of `max`) that `spent` has reached; undefined when it has reached none. */
export function reachedThreshold(thresholds: readonly number[], spent: number, max: number): number | undefined {
  const reached = thresholds.filter((percent) => spent * 100 >= percent * max);
  return reached.length === 0 ? undefined : Math.max(...reached);
}
