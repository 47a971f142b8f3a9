import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { UsageEvent } from '@penstock/contracts';
import { ensureOrganization } from '../ledgers/testing/quota-rows.ts';
import { usageEvent } from '../ledgers/testing/usage-events.ts';
import { createPrismaClient } from '../prisma/prisma.service.ts';
import { storeUsageEvents } from '../usage/usage-store.ts';
import { UnknownPriceAlerts } from './unknown-prices.ts';

const client = createPrismaClient(process.env['DATABASE_URL'] ?? 'missing');
const NOW = Date.UTC(2026, 0, 15, 12, 30);
beforeAll(() => ensureOrganization(client));
afterEach(async () => {
  await client.$executeRaw`TRUNCATE alert, usage_event CASCADE`;
});
afterAll(async () => client.$disconnect());

const provider = { providerId: '00000000-0000-7000-8000-000000000004', providerName: 'lab' };
const unpriced = (given: Partial<UsageEvent> = {}) => usageEvent({ ...provider, costMicroUsd: null, ...given });
const worker = () => new UnknownPriceAlerts(client, () => NOW);
const titles = async () => (await client.alert.findMany({ orderBy: { id: 'asc' } })).map(({ title }) => title);

describe('the alert of an unknown price', () => {
  it('is told once a day for each model, however often it is used and whoever sees it', async () => {
    const [one, other] = [worker(), worker()];
    for (let round = 0; round < 3; round += 1) {
      one.note([unpriced(), unpriced({ modelId: 'b' })]);
      other.note([unpriced()]);
      await Promise.all([one.run(), other.run()]);
    }
    expect((await titles()).toSorted()).toEqual([
      'Model b of LlmProvider lab has no price: what it costs is not known',
      'Model m of LlmProvider lab has no price: what it costs is not known',
    ]);
    one.note([unpriced({ occurredAt: '2026-01-16T00:00:00.000Z' })]);
    await one.run();
    expect(await titles()).toHaveLength(3);
  });

  it('is not told of what is free, has a price, or used nothing', async () => {
    const alerts = worker();
    alerts.note([
      unpriced({ costMicroUsd: 0 }),
      unpriced({ costMicroUsd: 3 }),
      unpriced({ usageSource: 'none' }),
      unpriced({ providerId: null }),
    ]);
    await alerts.run();
    expect(await titles()).toEqual([]);
  });

  it('is told by a worker that starts, of what another one stored and did not live to tell', async () => {
    await storeUsageEvents(client, [unpriced(), unpriced({ modelId: 'old', occurredAt: '2026-01-15T11:00:00.000Z' })]);
    await worker().run();
    expect(await titles()).toEqual(['Model m of LlmProvider lab has no price: what it costs is not known']);
  });
});
