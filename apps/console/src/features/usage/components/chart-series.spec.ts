import { describe, expect, it } from '@jest/globals';
import type { UsageTimeseries, UsageTotals } from '@penstock/contracts';
import { OTHERS, stackByGroup, stackByOutcome } from './chart-series.ts';

const totals = (requests: number): UsageTotals => ({
  requests,
  errors: 1,
  inputTokens: requests * 10,
  outputTokens: requests * 5,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
  costMicroUsd: requests * 1_000_000,
  unknownCostRequests: 0,
  estimatedRequests: 0,
  averageDurationMs: null,
  averageFirstTokenMs: null,
});

const series = (items: UsageTimeseries['items']): UsageTimeseries => ({
  from: '2026-01-01T00:10:00.000Z',
  to: '2026-01-01T03:00:00.000Z',
  timeZone: 'UTC',
  interval: 'hour',
  items,
});

describe('the stacked usage chart', () => {
  it('has a column for every bucket, with zeros where nothing happened', () => {
    const { rows } = stackByGroup(
      series([{ ...totals(2), key: 'a', start: '2026-01-01T01:00:00.000Z' }]),
      'key',
      'requests',
    );
    expect(rows.map(({ start, a }) => [start.slice(11, 13), a])).toEqual([
      ['00', 0],
      ['01', 2],
      ['02', 0],
    ]);
  });

  it('gives the largest names a series and sums the rest, so that nothing is lost', () => {
    const items = Array.from({ length: 20 }, (_, index) => ({
      ...totals(index + 1),
      model: `model-${index + 1}`,
      start: '2026-01-01T00:00:00Z',
    }));
    const chart = stackByGroup(series(items), 'model', 'tokens');
    expect(chart.series[0]).toBe('model-20');
    expect(chart.series.at(-1)).toBe(OTHERS);
    const first = chart.rows[0] ?? { start: '' };
    const sum = chart.series.reduce((total, name) => total + Number(first[name as keyof typeof first]), 0);
    expect(sum).toBe(items.reduce((total, item) => total + item.inputTokens + item.outputTokens, 0));
  });

  it('has one column for each day of the report’s time zone, also for the short one in spring', () => {
    const { rows } = stackByOutcome({
      from: '2026-03-27T23:00:00.000Z',
      to: '2026-03-30T22:00:00.000Z',
      timeZone: 'Europe/Berlin',
      interval: 'day',
      items: [{ ...totals(4), start: '2026-03-28T23:00:00.000Z' }],
    });
    expect(rows.map(({ start, Succeeded }) => [start, Succeeded])).toEqual([
      ['2026-03-27T23:00:00.000Z', 0],
      ['2026-03-28T23:00:00.000Z', 3],
      ['2026-03-29T22:00:00.000Z', 0],
    ]);
  });

  it('shows cost in dollars', () => {
    const chart = stackByGroup(series([{ ...totals(3), team: null, start: '2026-01-01T00:00:00Z' }]), 'team', 'cost');
    expect(chart.rows[0]).toMatchObject({ '(none)': 3 });
  });

  it('splits requests by outcome', () => {
    const chart = stackByOutcome(series([{ ...totals(5), start: '2026-01-01T00:00:00Z' }]));
    expect(chart.rows[0]).toMatchObject({ Succeeded: 4, Failed: 1 });
  });
});
