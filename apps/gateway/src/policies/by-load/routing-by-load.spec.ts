import { describe, expect, it } from '@jest/globals';
import type { SnapshotProvider, SnapshotProxy } from '@penstock/contracts';
import { compileRoutes, selectTargets } from '@penstock/routing';
import type { AnswerEnd } from '../../dispatch/relay.ts';
import { TargetLoads } from '../../dispatch/target-loads.ts';
import { fallback } from '../fallback/index.ts';
import { leastBusy } from '../least-busy/index.ts';
import { lowestLatency } from '../lowest-latency/index.ts';
import { modelWeightedRoundRobin } from '../model-round-robin/index.ts';
import type { BodyCall, Policy, RouteChoice } from '../policy.ts';
import type { PolicyFactory, PolicyServices } from '../policy-factory.ts';
import { sessionAffinity } from '../session-affinity/index.ts';

type Name = 'a' | 'b' | 'c';
type Targets = Partial<Record<Name, { weight?: number; priority?: number }>>;

/** A proxy with three providers, each with the model `m`, and with the virtual model `v`. */
class Bench {
  nowMs = 0;
  draws: number[] = [];
  stream = false;
  headers: Record<string, string> = {};
  readonly loads = { a: new TargetLoads(), b: new TargetLoads(), c: new TargetLoads() };
  readonly #routes: RouteChoice['routes'];

  constructor(targets: Targets = { a: {}, b: {}, c: {} }) {
    const provider = (id: string) => ({ id, models: [{ id: 'm', upstreamModel: 'm' }] }) as unknown as SnapshotProvider;
    const providers = new Map(['a', 'b', 'c'].map((id) => [id, provider(id)]));
    const listed = Object.entries(targets).map(([providerId, { weight = 1, priority = 0 }]) => ({
      providerId,
      model: 'm',
      weight,
      priority,
    }));
    const proxy = {
      providers: ['a', 'b', 'c'].map((providerId) => ({ providerId, alias: providerId })),
      models: [{ name: 'v', targets: listed }],
    } as unknown as SnapshotProxy;
    this.#routes = compileRoutes(proxy, providers);
  }

  create(factory: PolicyFactory, params: object = {}): Policy {
    const services = { now: () => this.nowMs } as unknown as PolicyServices;
    const owner = { organizationId: 'o', proxyId: 'p', proxyName: 'p', place: '' };
    return factory.create(factory.definition.params.parse(params) as never, owner, services);
  }

  /** The providers in the order in which they are tried. */
  route(policies: readonly Policy[], model = 'v'): string {
    const random = (): number => this.draws.shift() ?? 0.5;
    const targets = selectTargets(this.#routes, model, { random: () => 0 });
    const choice: RouteChoice = { routes: this.#routes, model, random, targets };
    const providers = new Map(Object.entries(this.loads).map(([id, loads]) => [id, { loads }]));
    const call = {
      context: { config: { providers }, request: { headers: this.headers } },
      facts: { stream: this.stream },
      metadata: this.metadata,
    } as unknown as BodyCall;
    for (const policy of policies) policy.onRoute?.(call, choice);
    this.chosen = choice.targets;
    return choice.targets.map(({ alias }) => alias).join('');
  }

  readonly metadata = new Map<string, string>();
  chosen: RouteChoice['targets'] = [];

  busy(name: Name, requests: number): void {
    for (let request = 0; request < requests; request += 1) this.loads[name].of('m').begin();
  }

  /** A provider answers after so many ms; streams with the first token. */
  answered(name: Name, ms: number): void {
    const end = { outcome: 'completed', usage: null } as Pick<AnswerEnd, 'outcome' | 'usage'>;
    const times = { sentAt: 1_000, now: 1_000 + ms, firstTokenAt: this.stream ? 1_000 + ms : 0 };
    this.loads[name]
      .of('m')
      .begin()
      .end({ ...times, end, stream: this.stream });
  }
}

const models = [
  { model: 'm', provider: 'a' },
  { model: 'm', provider: 'b' },
];

describe('least-busy', () => {
  it('asks the target with the fewest requests in flight, and keeps the others for when it fails', () => {
    const bench = new Bench();
    const policy = bench.create(leastBusy);
    bench.busy('a', 2);
    bench.busy('b', 1);
    expect(bench.route([policy])).toBe('cba');
    bench.busy('c', 3);
    expect(bench.route([policy])).toBe('bac');
    expect(bench.metadata.get('selected_provider')).toBe('b');
  });

  it('counts in proportion to weights, and lets them decide between equals', () => {
    const bench = new Bench({ a: { weight: 3 }, b: {} });
    const policy = bench.create(leastBusy);
    bench.busy('a', 2);
    bench.busy('b', 1);
    expect(bench.route([policy])).toBe('ab');
    bench.busy('a', 1);
    const firsts = Array.from({ length: 400 }, (_, index) => {
      bench.draws = [((index * 7) % 400) / 400, ((index * 61) % 400) / 400];
      return bench.route([policy])[0];
    });
    const share = firsts.filter((first) => first === 'a').length / firsts.length;
    expect(share).toBeGreaterThan(0.7);
    expect(share).toBeLessThan(0.8);
  });

  it('asks a later priority only behind an earlier one, and a weight of 0 last in its own', () => {
    const bench = new Bench({ a: { weight: 0 }, b: {}, c: { priority: 1 } });
    const policy = bench.create(leastBusy);
    bench.busy('b', 9);
    expect(bench.route([policy])).toBe('bac');
  });

  it('chooses among the models that it names, and leaves out for a while those that failed', () => {
    const bench = new Bench();
    const policy = bench.create(leastBusy, { models, suspendDuration: 10 });
    bench.busy('a', 1);
    expect(bench.route([policy], 'other')).toBe('ba');
    policy.onAttempt?.({} as BodyCall, bench.chosen[0] as never, true);
    policy.onAttempt?.({} as BodyCall, bench.chosen[1] as never, false);
    expect(bench.route([policy], 'other')).toBe('a');
    bench.nowMs = 10_000;
    expect(bench.route([policy], 'other')).toBe('ba');
  });

  it('says that all are unavailable, and leaves a model alone that nobody serves', () => {
    const bench = new Bench();
    const policy = bench.create(leastBusy, { models: [{ model: 'm', provider: 'a' }] });
    bench.route([policy]);
    policy.onAttempt?.({} as BodyCall, bench.chosen[0] as never, true);
    expect(() => bench.route([policy])).toThrow('All models are currently unavailable');
    expect(bench.route([bench.create(leastBusy)], 'unknown')).toBe('');
  });
});

describe('lowest-latency', () => {
  const unexploring = { exploration: 0 };

  it('asks the fastest target, and a slower one once the fastest is busy enough', () => {
    const bench = new Bench({ a: {}, b: {} });
    const policy = bench.create(lowestLatency, unexploring);
    bench.answered('a', 100);
    bench.answered('b', 250);
    expect(bench.route([policy])).toBe('ab');
    bench.busy('a', 1);
    expect(bench.route([policy])).toBe('ab');
    bench.busy('a', 1);
    expect(bench.route([policy])).toBe('ba');
  });

  it('tries a target of which nothing is known, with one request at a time', () => {
    const bench = new Bench({ a: {}, b: {} });
    const policy = bench.create(lowestLatency, unexploring);
    bench.answered('a', 100);
    expect(bench.route([policy])).toBe('ba');
    bench.busy('b', 1);
    expect(bench.route([policy])).toBe('ab');
  });

  it('knows streams apart from whole answers', () => {
    const bench = new Bench({ a: {}, b: {} });
    const policy = bench.create(lowestLatency, unexploring);
    bench.answered('a', 100);
    bench.answered('b', 900);
    bench.stream = true;
    bench.answered('a', 900);
    bench.answered('b', 100);
    expect(bench.route([policy])).toBe('ba');
    bench.stream = false;
    expect(bench.route([policy])).toBe('ab');
  });

  it('sends the share that it is told anywhere, but never to a weight of 0 or a later priority', () => {
    const bench = new Bench({ a: {}, b: {}, c: { weight: 0 } });
    const policy = bench.create(lowestLatency, { exploration: 0.25 });
    bench.answered('a', 100);
    bench.answered('b', 900);
    bench.answered('c', 1);
    const first = (...draws: number[]): string => {
      // Three for ties, one for whether to explore, one for where.
      bench.draws = [0.5, 0.5, 0.5, ...draws];
      return bench.route([policy]);
    };
    expect(first(0.25, 0.99)).toBe('abc');
    expect(first(0.24, 0.99)).toBe('bac');
    expect(first(0.24, 0.01)).toBe('abc');
  });
});

describe('session-affinity', () => {
  it('keeps to the first priority, and follows the weights of the model or of an earlier policy', () => {
    const bench = new Bench({ a: { weight: 3 }, b: {}, c: { priority: 1 } });
    const policy = bench.create(sessionAffinity, { sources: ['header'] });
    const shares = (...policies: Policy[]) => {
      const counts: Record<string, number> = { a: 0, b: 0, c: 0 };
      for (let session = 0; session < 400; session += 1) {
        bench.headers = { 'x-session-id': `s${session}` };
        const first = bench.route([...policies, policy])[0] ?? '';
        counts[first] = (counts[first] ?? 0) + 1;
      }
      return counts;
    };
    const own = shares();
    expect(own['c']).toBe(0);
    expect(own['a']).toBeGreaterThan(260);
    expect(own['a']).toBeLessThan(340);
    const weighted = bench.create(modelWeightedRoundRobin, {
      models: models.map((model, index) => ({ ...model, weight: index === 0 ? 1 : 9 })),
    });
    expect(shares(weighted)['b']).toBeGreaterThan(320);
  });

  it('leaves the targets of a fallback behind, in their order', () => {
    const bench = new Bench({ a: {} });
    const targets = [
      { provider: 'c', model: 'm' },
      { provider: 'b', model: 'm' },
    ];
    const policies = [bench.create(fallback, { targets }), bench.create(sessionAffinity, { sources: ['header'] })];
    for (let session = 0; session < 20; session += 1) {
      bench.headers = { 'x-session-id': `s${session}` };
      expect(bench.route(policies)).toBe('acb');
    }
  });
});
