import { describe, expect, it } from '@jest/globals';
import type { SnapshotProvider, SnapshotProxy } from '@penstock/contracts';
import fc from 'fast-check';
import { listModels } from './list-models.ts';
import { compileModelFilter } from './model-filter.ts';
import { compileRoutes } from './proxy-routes.ts';
import { resolveTargets, selectTargets } from './select-targets.ts';
import { weightedOrder } from './weighted-order.ts';

const provider = (id: string, models: Record<string, string> | null) =>
  ({
    id,
    models:
      models && Object.entries(models).map(([model, upstreamModel]) => ({ id: model, upstreamModel, profile: {} })),
  }) as unknown as SnapshotProvider;

const providers = new Map(
  [
    provider('primary', { qwen: 'Qwen/Qwen2.5', both: 'p-both' }),
    provider('second', { both: 's-both', 'a/b': 'slashed' }),
    provider('open', null),
  ].map((entry) => [entry.id, entry]),
);

const target = (providerId: string, model: string, weight: number, priority: number) => ({
  providerId,
  model,
  weight,
  priority,
});

const proxy = (primary: string, ...others: string[]) =>
  ({
    providers: [primary, ...others].map((providerId) => ({ providerId, alias: providerId })),
    models: [{ name: 'smart', targets: [target('primary', 'qwen', 1, 0), target('second', 'both', 1, 1)] }],
  }) as unknown as SnapshotProxy;

const routes = compileRoutes(proxy('primary', 'second', 'open'), providers);
const openFirst = compileRoutes(proxy('open', 'primary'), providers);
const select = (model: string, named?: string, from = routes) =>
  selectTargets(from, model, { provider: named, random: () => 0.5 }).map(
    ({ alias, upstreamModel }) => `${alias}:${upstreamModel}`,
  );

describe('selectTargets', () => {
  it("takes a virtual model's targets by priority", () =>
    expect(select('smart')).toEqual(['primary:Qwen/Qwen2.5', 'second:s-both']));
  it('takes the provider that the caller names', () => expect(select('both', 'second')).toEqual(['second:s-both']));
  it('finds nothing at a provider that is unknown', () => expect(select('both', 'nobody')).toEqual([]));
  it('finds nothing at a provider without the model', () => expect(select('qwen', 'second')).toEqual([]));
  it('takes provider/model', () => expect(select('second/both')).toEqual(['second:s-both']));
  it('lets any model through to an open provider by prefix', () => expect(select('open/x/y')).toEqual(['open:x/y']));
  it('takes the providers that list the model', () =>
    expect(select('both')).toEqual(['primary:p-both', 'second:s-both']));
  it('takes a listed model whose name looks like a prefix', () => expect(select('a/b')).toEqual(['second:slashed']));
  it('sends an unlisted model to a primary that accepts any', () =>
    expect(select('new', undefined, openFirst)).toEqual(['open:new']));
  it('finds nothing otherwise', () => expect(select('new')).toEqual([]));
  it('says which rule decided', () => {
    const rule = (model: string, provider?: string, from = routes) =>
      resolveTargets(from, model, { provider, random: () => 0 }).rule;
    expect(['smart', 'second/both', 'both', 'a/b', 'new'].map((model) => rule(model))).toEqual([
      'virtual-model',
      'prefix',
      'listed',
      'listed',
      'none',
    ]);
    expect([rule('both', 'second'), rule('both', 'nobody'), rule('new', undefined, openFirst)]).toEqual([
      'named-provider',
      'none',
      'primary',
    ]);
  });
});

describe('weightedOrder', () => {
  it('returns every target once, lower priority numbers first', () => {
    const weighted = fc.array(fc.record({ weight: fc.nat(5), priority: fc.nat(3) }), { maxLength: 8 });
    fc.assert(
      fc.property(
        weighted,
        fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 10 }),
        (specs, numbers) => {
          const targets = specs.map((spec, index) => ({
            ...spec,
            target: { providerId: `${index}`, alias: '', modelId: '', upstreamModel: '' },
          }));
          let next = 0;
          const order = weightedOrder(targets, () => numbers[next++ % numbers.length] ?? 0);
          const priorities = order.map(({ providerId }) => targets[Number(providerId)]?.priority ?? -1);
          expect(new Set(order).size).toBe(targets.length);
          expect(priorities).toEqual([...priorities].sort((a, b) => a - b));
        },
      ),
    );
  });

  it('gives no traffic to weight 0 while another has some', () => {
    const at = (providerId: string, weight: number) => ({
      weight,
      priority: 0,
      target: { providerId, alias: '', modelId: '', upstreamModel: '' },
    });
    for (const point of [0, 0.3, 0.999]) {
      expect(weightedOrder([at('idle', 0), at('busy', 1)], () => point)[0]?.providerId).toBe('busy');
    }
  });
});

describe('listModels', () => {
  it('names each model once', () => {
    expect(listModels(routes).map(({ id }) => id)).toEqual(['smart', 'qwen', 'both', 'a/b']);
    expect(routes.openProviders).toEqual(['open']);
  });
});

describe('compileModelFilter', () => {
  it('knows *, exact names and prefixes', () => {
    const filter = compileModelFilter(['gpt-*', 'qwen']);
    expect(['gpt-5', 'qwen', 'qwen2', 'x'].map(filter)).toEqual([true, true, false, false]);
    expect(compileModelFilter(['*'])('anything')).toBe(true);
  });
});
