import { waitUntil } from '@penstock/testing';
import type { GatewayProcess } from './gateway-process.ts';

/** One limit as `GET /v1/limits` shows it. */
export interface OwnLimit {
  readonly subject: string;
  readonly name: string;
  readonly quota: string;
  readonly unit: string;
  readonly window: string | null;
  readonly alignment: string | null;
  readonly mode: string;
  readonly max: number;
  readonly used: number;
  readonly remaining: number;
  readonly resets_at: string | null;
}

/** A key's limits at a proxy; waits where they are asked for too often. */
export async function ownLimits(gateway: GatewayProcess, key: string, context = ''): Promise<readonly OwnLimit[]> {
  const response = await waitUntil('an answer to a reading', async () => {
    const answer = await gateway.get(`${context}/v1/limits`, key);
    return answer.status === 429 ? undefined : answer;
  });
  if (response.status !== 200) throw new Error(`GET /v1/limits: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { data: readonly OwnLimit[] }).data;
}

/** Waits until the one limit of a unit says that so much is used, since settlements are not waited for; then what it says. */
export async function whenUsed(gateway: GatewayProcess, key: string, unit: string, used: number): Promise<OwnLimit> {
  let seen: OwnLimit | undefined;
  try {
    return await waitUntil(`${unit} used`, async () => {
      seen = (await ownLimits(gateway, key)).find((limit) => limit.unit === unit);
      return seen?.used === used ? seen : undefined;
    });
  } catch {
    throw new Error(`${used} ${unit} should be used, but ${seen?.used ?? 'no limit'} are`);
  }
}
