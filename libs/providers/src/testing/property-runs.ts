const DEFAULT_RUNS = 500;

/** How often each property is tried: `PENSTOCK_PROPERTY_RUNS` times, and 500 times where it is not set. */
export function propertyRuns(): number {
  const runs = Number(process.env['PENSTOCK_PROPERTY_RUNS'] ?? DEFAULT_RUNS);
  if (!Number.isSafeInteger(runs) || runs < 1)
    throw new RangeError('PENSTOCK_PROPERTY_RUNS must be a positive integer');
  return runs;
}
