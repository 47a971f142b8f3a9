import { describe, expect, it } from '@jest/globals';
import { Histogram, Registry } from 'prom-client';
import { aggregateMetrics } from './aggregate-metrics.ts';
import { MetricsRegistry } from './metrics-registry.ts';

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

describe('a metrics registry', () => {
  it('writes counters, gauges and metrics without labels', async () => {
    const metrics = new MetricsRegistry();
    const requests = metrics.counter('penstock_requests_total', 'Requests.', ['route', 'status']);
    metrics.gauge('penstock_config_revision', 'Revision.').with({}).set(7);
    const child = requests.with({ route: '/v1/models', status: '200' });
    child.inc();
    child.inc(2);
    child.inc(-5);
    child.inc(Number.NaN);
    expect(requests.with({ status: '200', route: '/v1/models' })).toBe(child);
    const text = await metrics.text();
    expect(text).toContain('# TYPE penstock_requests_total counter');
    expect(linesOf(text)).toEqual([
      'penstock_requests_total{route="/v1/models",status="200"} 3',
      'penstock_config_revision 7',
    ]);
  });

  it('writes histograms exactly as prom-client does', async () => {
    const bounds = [0.1, 0.5, 1];
    const metrics = new MetricsRegistry();
    const own = metrics.histogram('wait_seconds', 'Wait.', ['provider'], bounds).with({ provider: 'a' });
    const registry = new Registry();
    const reference = new Histogram({
      name: 'wait_seconds',
      help: 'Wait.',
      labelNames: ['provider'],
      buckets: bounds,
      registers: [registry],
    });
    for (const value of [0.05, 0.1, 0.100001, 0.7, 1, 30]) {
      own.observe(value);
      reference.observe({ provider: 'a' }, value);
    }
    own.observe(Number.NaN);
    expect(await metrics.text()).toBe(await registry.metrics());
  });

  it('turns values outside of the configured set into other', async () => {
    const metrics = new MetricsRegistry();
    const tokens = metrics.counter('tokens_total', 'Tokens.', { kind: ['input', 'output'], provider: ['lab'] });
    tokens.with({ kind: 'input', provider: 'lab' }).inc(5);
    tokens.with({ kind: 'made-up', provider: 'x"} 1\n' }).inc(1);
    tokens.with({ kind: 'made-up-2', provider: 'y' }).inc(1);
    tokens.with({ kind: 'output' }).inc(2);
    expect(linesOf(await metrics.text())).toEqual([
      'tokens_total{kind="input",provider="lab"} 5',
      'tokens_total{kind="other",provider="other"} 2',
      'tokens_total{kind="output",provider=""} 2',
    ]);
  });

  it('takes a new set when the config changes and drops the series of what is gone', async () => {
    const metrics = new MetricsRegistry();
    const requests = metrics.counter('requests_total', 'Requests.', ['provider']);
    metrics.setLabelValues('provider', ['old', 'kept']);
    requests.with({ provider: 'old' }).inc();
    const kept = requests.with({ provider: 'kept' });
    kept.inc();
    metrics.setLabelValues('provider', ['kept', 'new']);
    requests.with({ provider: 'new' }).inc();
    kept.inc();
    expect(linesOf(await metrics.text())).toEqual([
      'requests_total{provider="kept"} 2',
      'requests_total{provider="new"} 1',
    ]);
  });

  it('bounds labels without a configured set too', async () => {
    const metrics = new MetricsRegistry();
    const requests = metrics.counter('requests_total', 'Requests.', ['path']);
    for (let index = 0; index < 5000; index += 1) requests.with({ path: `/${index}` }).inc();
    const lines = linesOf(await metrics.text());
    expect(lines).toHaveLength(101);
    expect(lines.at(-1)).toBe('requests_total{path="other"} 4900');
  });

  it('sets gauges just before they are read', async () => {
    const metrics = new MetricsRegistry();
    const staleness = metrics.gauge('staleness_seconds', 'Staleness.').with({});
    metrics.beforeCollect(() => staleness.set(12.5));
    expect(await metrics.text()).toContain('staleness_seconds 12.5');
  });

  it('refuses a second metric of one name', () => {
    const metrics = new MetricsRegistry();
    metrics.counter('requests_total', 'Requests.');
    expect(() => metrics.gauge('requests_total', 'Requests.')).toThrow('already been registered');
  });
});

describe('the metrics of several processes', () => {
  const processMetrics = (requests: number, revision: number) => {
    const metrics = new MetricsRegistry({ processMetrics: true });
    metrics.counter('requests_total', 'Requests.', ['route']).with({ route: 'a' }).inc(requests);
    metrics.gauge('revision', 'Revision.', [], 'min').with({}).set(revision);
    metrics.histogram('wait_seconds', 'Wait.', [], [1]).with({}).observe(requests);
    return metrics.json();
  };

  it('add up as each metric says, after a journey as JSON', async () => {
    const parts = await Promise.all([processMetrics(2, 9), processMetrics(1, 8)]);
    const received = JSON.parse(JSON.stringify(parts)) as typeof parts;
    const text = await aggregateMetrics(received);
    expect(linesOf(text)).toEqual(
      expect.arrayContaining([
        'requests_total{route="a"} 3',
        'revision 8',
        'wait_seconds_bucket{le="1"} 1',
        'wait_seconds_bucket{le="+Inf"} 2',
        'wait_seconds_sum 3',
        'wait_seconds_count 2',
      ]),
    );
    expect(text).toContain('process_cpu_user_seconds_total');
  });

  it('may be none', async () => {
    expect((await aggregateMetrics([])).trim()).toBe('');
  });
});
