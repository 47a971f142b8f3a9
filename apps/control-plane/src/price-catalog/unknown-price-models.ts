import type { UnknownPriceModel } from '@penstock/contracts';
import type { PrismaClient } from '../prisma/generated/client.ts';
import type { Transaction } from '../prisma/prisma.service.ts';
import { modelsToPrice } from './model-to-price.ts';

/** Width of a row of sums. */
const ROLLUP_MS = 15 * 60_000;

/** Models that are told at most. */
export const MAX_UNKNOWN_PRICE_MODELS = 1_000;

/**
 * Models of which a request in the range had no price, those with the most such requests first. From the sums: whole quarters of an
 * hour, from the one in which the range begins to the one in which it ends.
 */
export async function unknownPriceModels(
  client: PrismaClient | Transaction,
  organizationId: string,
  from: Date,
  to: Date,
): Promise<UnknownPriceModel[]> {
  const start = new Date(Math.floor(from.getTime() / ROLLUP_MS) * ROLLUP_MS);
  const rows = await client.usageRollup.groupBy({
    by: ['providerName', 'model'],
    where: { organizationId, bucketStart: { gte: start, lt: to }, unknownCostRequests: { gt: 0 } },
    _sum: { unknownCostRequests: true },
    orderBy: [{ _sum: { unknownCostRequests: 'desc' } }, { providerName: 'asc' }, { model: 'asc' }],
    take: MAX_UNKNOWN_PRICE_MODELS,
  });
  const idOf = await modelsToPrice(client, organizationId, [...new Set(rows.map(({ providerName }) => providerName))]);
  return rows.map(({ providerName, model, _sum }) => ({
    provider: providerName === '' ? null : providerName,
    model: idOf(providerName, model),
    upstreamModel: model,
    requests: Number(_sum.unknownCostRequests ?? 0n),
  }));
}
