import type { LimitStatus } from '@penstock/contracts';
import type { AdminApi } from './admin-api.ts';
import type { GatewayClient } from './gateway-client.ts';

/** A million tokens cost 1 USD, in and out. */
export const ONE_USD_PER_MILLION = { inputPerMillion: 1_000_000, outputPerMillion: 1_000_000 };

/** Gives a provider's model that price. */
export async function priceModel(admin: AdminApi, provider: string, model: string): Promise<void> {
  const spec = { provider, model, ...ONE_USD_PER_MILLION };
  await admin.post('/model-prices', { kind: 'ModelPrice', metadata: { name: provider }, spec });
}

/** What one chat costs, in micro-USD; what it is answered with where it is refused. */
export async function spend(client: GatewayClient): Promise<{ readonly status: number; readonly cost: number }> {
  const response = await client.chat('Hello', { max_tokens: 20 });
  const body = (await response.json()) as { usage?: { total_tokens: number } };
  return { status: response.status, cost: body.usage?.total_tokens ?? 0 };
}

/** What the limiter says that is used of a key's own limit of this unit. */
export async function usedOf(admin: AdminApi, key: string, unit: string): Promise<number> {
  const { items } = await admin.get<{ items: LimitStatus[] }>(`/virtual-keys/${key}/limits`);
  return items.find((item) => item.unit === unit && item.subject.endsWith(key))?.used ?? 0;
}
