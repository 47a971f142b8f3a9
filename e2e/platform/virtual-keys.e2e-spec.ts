import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@penstock/testing';
import { type ErrorAnswer, GatewayClient } from '../support/gateway-client.ts';
import { openPlatform } from '../support/platform.ts';
import { createCaller, createScenario, type Scenario, uniqueName } from '../support/scenario.ts';
import { openUpstream } from '../support/upstream-under-test.ts';

/** How soon a change must be live on every gateway. */
const LIVE_WITHIN_MS = 1_000;

const upstream = await openUpstream();
const platform = openPlatform();
let scenario: Scenario;

beforeAll(async () => {
  scenario = await createScenario({ admin: platform.admin, gateway: platform.ready.gateway, upstream });
});
afterAll(() => upstream.stop());

/** Whether several connections, which the processes of a gateway share among them, all get this status. */
async function allAnswer(client: GatewayClient, status: number): Promise<boolean> {
  const answers = await Promise.all(Array.from({ length: 8 }, () => client.get('/models')));
  return answers.every((answer) => answer.status === status);
}

describe('A virtual key', () => {
  it('works within a second of its making and stops within a second of its revocation', async () => {
    const name = uniqueName('key');
    const client = new GatewayClient(scenario.baseUrl, await platform.admin.createKey(name));
    await waitUntil('the new key to work', () => allAnswer(client, 200), { timeoutMs: LIVE_WITHIN_MS });
    expect((await client.complete('Hello')).usage.total_tokens).toBeGreaterThan(0);

    await platform.admin.revokeKey(name);
    await waitUntil('the revoked key to stop', () => allAnswer(client, 401), { timeoutMs: LIVE_WITHIN_MS });
    const refusal = (await (await client.chat('Hello')).json()) as ErrorAnswer;
    expect(refusal.error.code).toBe('invalid_api_key');
  });

  it('is replaced within a second when it is rotated', async () => {
    const { baseUrl } = scenario;
    const { keyName, client: before } = await createCaller({ admin: platform.admin, baseUrl });
    const { status } = await platform.admin.post<{ status: { key: string } }>(`/virtual-keys/${keyName}/rotate`, {});
    const after = new GatewayClient(scenario.baseUrl, status.key);
    const isReplaced = async (): Promise<boolean> => (await allAnswer(before, 401)) && (await allAnswer(after, 200));
    await waitUntil('the new secret to replace the old one', isReplaced, { timeoutMs: LIVE_WITHIN_MS });
  });

  it('never shows its secret again', async () => {
    const document = JSON.stringify(await platform.admin.get(`/virtual-keys/${scenario.keyName}`));
    expect(document).not.toContain(scenario.key);
    expect(document).toContain(scenario.key.slice(-4));
  });
});
