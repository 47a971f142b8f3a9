import { type Limit, limitId } from '@penstock/contracts';
import { type SimulatedUpstream, waitUntil } from '@penstock/testing';
import { uniqueName, untilAllCurrent } from '../../support/scenario.ts';
import type { Price } from '../history/history.ts';
import type { SampledLimit } from './ledger-sampler.ts';
import type { LimitsGateway, LimitsStack } from './limits-stack.ts';
import type { CallTarget } from './make-call.ts';

type GivenLimit = Omit<Limit, 'mode'>;

/** Where everything of a fresh installation belongs. */
export const ORGANIZATION = '00000000-0000-7000-8000-000000000001';

/** Whole micro-USD for a token, so that costs are exact. */
export const PRICE: Price = { input: 10, output: 30 };

/** One key of one team with limits of both, at a proxy with one provider. */
export interface LimitsScenario {
  readonly keyId: string;
  /** One for each gateway. */
  readonly targets: readonly CallTarget[];
  /** The limits that can be read in Redis as they stand: ledgers and counts. */
  readonly sampled: readonly SampledLimit[];
  /** Changes the budgets of key and team; resolves when this gateway knows. */
  changeBudgets(gateway: LimitsGateway, microUsd: number): Promise<void>;
}

export interface LimitsOfScenario {
  readonly key: readonly GivenLimit[];
  readonly team: readonly GivenLimit[];
}

/** Makes all through the admin API and waits until every gateway serves it. */
export async function createLimitsScenario(
  { admin, gateways, changeQuota }: LimitsStack,
  upstream: SimulatedUpstream,
  limits: LimitsOfScenario,
): Promise<LimitsScenario> {
  const name = uniqueName('limits');
  const quotas = { key: `${name}-key`, team: `${name}-team` };
  await admin.createProvider(name, {
    displayName: name,
    version: 'v1.0',
    template: 'vllm',
    upstream: { url: upstream.url },
    models: [{ id: 'simulated-chat' }],
  });
  await admin.post('/model-prices', {
    kind: 'ModelPrice',
    metadata: { name },
    spec: {
      provider: name,
      model: 'simulated-chat',
      inputPerMillion: PRICE.input * 1e6,
      outputPerMillion: PRICE.output * 1e6,
    },
  });
  const models = [{ name: 'chat', targets: [{ provider: name, model: 'simulated-chat' }] }];
  await admin.createProxy(name, {
    displayName: name,
    version: 'v1.0',
    context: `/${name}`,
    provider: { id: name },
    models,
  });
  await admin.createQuota(quotas.key, limits.key);
  await admin.createQuota(quotas.team, limits.team);
  const team = await admin.post<Made>('/teams', {
    kind: 'Team',
    metadata: { name },
    spec: { displayName: name, quotas: [quotas.team] },
  });
  const key = await admin.post<Made>('/virtual-keys', {
    kind: 'VirtualKey',
    metadata: { name },
    spec: { team: name, quotas: [quotas.key] },
  });
  await untilAllCurrent(admin);
  return {
    keyId: key.status.id,
    targets: gateways.map(({ origin }) => ({ baseUrl: `${origin}/${name}/v1`, key: key.status.key ?? '' })),
    sampled: [
      ...sampledOf(`key:${key.status.id}`, quotas.key, limits.key),
      ...sampledOf(`team:${team.status.id}`, quotas.team, limits.team),
    ],
    changeBudgets: async (gateway, max) => {
      const revision = await gateway.metric('penstock_config_revision');
      for (const owner of ['key', 'team'] as const) {
        const changed = limits[owner].map((limit) => (limit.unit === 'cost' ? { ...limit, max } : limit));
        await changeQuota(quotas[owner], changed);
      }
      const isNew = async (): Promise<boolean> => (await gateway.metric('penstock_config_revision')) >= revision + 2;
      await waitUntil('the gateway to know the changed budgets', isNew, { timeoutMs: 15_000 });
    },
  };
}

interface Made {
  readonly status: { readonly id: string; readonly key?: string };
}

function sampledOf(subject: string, quota: string, limits: readonly GivenLimit[]): SampledLimit[] {
  return limits
    .filter(({ unit, window }) => unit === 'concurrency' || window === 'week' || window === 'month')
    .map((limit) => ({
      name: `${limit.unit} of the ${subject.split(':')[0]}`,
      applicable: {
        organizationId: ORGANIZATION,
        subject,
        id: limitId(quota, limit),
        quota,
        limit: { mode: 'enforce', ...limit },
      },
    }));
}
