import { describe, expect, it } from '@jest/globals';
import { describeLimit, explainLimit, type ExplainedLimit } from './describe-limit.ts';

describe('a limit in short', () => {
  it.each<[ExplainedLimit, string]>([
    [{ unit: 'requests', max: 60, window: 'minute' }, '60 requests a minute'],
    [{ unit: 'cost', max: 5_000_000, window: 'hour' }, '$5.00 an hour'],
    [{ unit: 'cost', max: 5_000_000, window: 'month', alignment: 'rolling' }, '$5.00 in any 30 days'],
    [{ unit: 'tokens', max: 2_000_000, window: 'day', alignment: 'rolling' }, '2M tokens in any 24 hours'],
    [{ unit: 'concurrency', max: 20 }, '20 in flight'],
  ])('%j reads “%s”', (limit, text) => {
    expect(describeLimit(limit)).toBe(text);
  });
});

describe('a limit in a sentence', () => {
  it.each<[ExplainedLimit, string]>([
    [
      { unit: 'requests', max: 60, window: 'minute', burst: 10 },
      'Admits 60 requests a minute, up to 10 of them at once, and refuses what does not fit.',
    ],
    [
      { unit: 'cost', max: 12_500_000, window: 'month', alertThresholds: [50, 80], onExceeded: { route: 'small' } },
      'Admits $12.50 a month, and sends what does not fit to small; it begins anew on the first day of the month in the ' +
        'organization’s time zone; a running request holds the most that it can use, so that the limit is never exceeded; ' +
        'an alert is sent at 50%, 80%.',
    ],
    [
      { unit: 'tokens', max: 1000, window: 'week', alignment: 'rolling', mode: 'shadow', onUnavailable: 'deny' },
      'Counts against 1,000 tokens in any 7 days and refuses nothing; nothing is admitted while Redis is lost.',
    ],
    [{ unit: 'concurrency', max: 4 }, 'Admits 4 in flight at once, and refuses what does not fit.'],
  ])('%j', (limit, sentence) => {
    expect(explainLimit(limit)).toBe(sentence);
  });
});
