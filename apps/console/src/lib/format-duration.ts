const STEPS = [
  { below: 1_000, per: 1, unit: 'ms', digits: 0 },
  { below: 60_000, per: 1_000, unit: 's', digits: 1 },
  { below: 3_600_000, per: 60_000, unit: 'min', digits: 0 },
  { below: 172_800_000, per: 3_600_000, unit: 'h', digits: 0 },
  { below: Infinity, per: 86_400_000, unit: 'd', digits: 0 },
] as const;

/** Milliseconds as `840 ms`, `2.4 s`, `3 min`, `5 h`, `4 d`; a dash for null. */
export function formatDuration(durationMs: number | null): string {
  const step = STEPS.find(({ below }) => (durationMs ?? 0) < below);
  if (durationMs === null || !step) return '–';
  return `${(durationMs / step.per).toFixed(step.digits)} ${step.unit}`;
}
