import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { UsageSummary, UsageTimeseries } from '@penstock/contracts';
import { waitUntil } from '@penstock/testing';
import { leaveAfterFirstToken, readChatStream } from '../support/chat-stream.ts';
import type { ReportedUsage } from '../support/gateway-client.ts';
import { openPlatform } from '../support/platform.ts';
import { createCaller, createScenario, type Scenario } from '../support/scenario.ts';
import { openUpstream } from '../support/upstream-under-test.ts';
import { usageWhenComplete } from '../support/usage-of-key.ts';

const upstream = await openUpstream();
const platform = openPlatform();
let scenario: Scenario;
/** What the answers said that they cost. */
const answered: ReportedUsage[] = [];

beforeAll(async () => {
  scenario = await createScenario({ admin: platform.admin, gateway: platform.ready.gateway, upstream });
  for (const question of ['Hello', 'Where does the water flow?', 'What turns the turbine in the power house?']) {
    answered.push((await scenario.client.complete(question)).usage);
    const options = { stream: true, stream_options: { include_usage: true } };
    const { chunks } = await readChatStream(await scenario.client.chat(question, options));
    answered.push(chunks.at(-1)!.usage!);
  }
  answered.push((await scenario.client.complete('Describe water at length', { max_tokens: 7 })).usage);
});
afterAll(() => upstream.stop());

const sumOf = (field: keyof ReportedUsage): number => answered.reduce((sum, usage) => sum + usage[field], 0);

describe('The usage of a key', () => {
  it('is complete within five seconds, to the token', async () => {
    expect(await usageWhenComplete(platform.admin, scenario.keyName, { requests: answered.length })).toMatchObject({
      requests: answered.length,
      errors: 0,
      inputTokens: sumOf('prompt_tokens'),
      outputTokens: sumOf('completion_tokens'),
    });
  });

  (upstream.simulation ? it : it.skip)("equals the upstream's ledger", async () => {
    const { violations, requests, inputTokens, outputTokens } = upstream.simulation!.truth();
    const usage = await platform.admin.usageOfKey(scenario.keyName);
    expect(violations).toBe(0);
    expect(usage).toMatchObject({ requests, inputTokens, outputTokens });
  });

  it('is the same by model, proxy and provider', async () => {
    const { requests } = (await platform.admin.usageOfKey(scenario.keyName))!;
    for (const [group, name] of [
      ['model', upstream.chatModel],
      ['proxy', scenario.proxyName],
      ['provider', scenario.providerName],
    ]) {
      const query = `/usage/summary?groupBy=${group}&key=${scenario.keyName}`;
      const { items, total } = await platform.admin.get<UsageSummary>(query);
      expect(items).toEqual([expect.objectContaining({ [group!]: name, requests })]);
      expect(total.requests).toBe(requests);
    }
  });

  it('stays exact when the caller of a stream does not ask for usage', async () => {
    const before = (await platform.admin.usageOfKey(scenario.keyName))!;
    const reference = await scenario.client.complete('Hello again');
    const { chunks } = await readChatStream(await scenario.client.chat('Hello again', { stream: true }));
    expect(chunks.every((chunk) => !chunk.usage)).toBe(true);
    const after = await usageWhenComplete(platform.admin, scenario.keyName, { requests: before.requests + 2 });
    expect(after.inputTokens - before.inputTokens).toBe(2 * reference.usage.prompt_tokens);
    expect(after.outputTokens - before.outputTokens).toBe(2 * reference.usage.completion_tokens);
  });

  it('counts a request that the upstream refused as an error without tokens', async () => {
    const before = (await platform.admin.usageOfKey(scenario.keyName))!;
    const response = await scenario.client.chat('Hello', { temperature: 'warm' });
    await response.arrayBuffer();
    expect(response.status).toBe(400);
    const after = await usageWhenComplete(platform.admin, scenario.keyName, { requests: before.requests + 1 });
    expect(after.errors).toBe(before.errors + 1);
    expect(after.outputTokens).toBe(before.outputTokens);
  });

  it('holds what a caller had got when it went away', async () => {
    const { keyName, client } = await createCaller({ admin: platform.admin, baseUrl: scenario.baseUrl });
    const caller = new AbortController();
    const options = { ...upstream.endless, stream: true, signal: caller.signal };
    await leaveAfterFirstToken(await client.chat('Describe water at length', options));
    caller.abort();
    const { outputTokens } = await usageWhenComplete(platform.admin, keyName, { requests: 1 });
    const [event] = await platform.admin.usageEventsOfKey(keyName);
    expect(event).toMatchObject({ outcome: 'client-closed', stream: true });
    expect(outputTokens).toBeGreaterThan(0);
    if (upstream.simulation) expect(outputTokens).toBeLessThanOrEqual(upstream.simulation.truth().outputTokens);
  });

  it('is the same by the user that the caller names, in any time zone', async () => {
    const { keyName, client } = await createCaller({ admin: platform.admin, baseUrl: scenario.baseUrl });
    const user = `eve@${keyName}.example`;
    for (const question of ['Hello', 'Hello again']) await client.complete(question, { user });
    await usageWhenComplete(platform.admin, keyName, { requests: 2 });
    const byUser = await platform.admin.get<UsageSummary>(
      `/usage/summary?groupBy=user&key=${keyName}&timeZone=Asia/Kathmandu`,
    );
    expect(byUser).toMatchObject({ timeZone: 'Asia/Kathmandu', items: [{ user, requests: 2 }] });
    const days = `/usage/timeseries?interval=day&user=${encodeURIComponent(user)}&timeZone=Asia/Kathmandu`;
    const { items } = await platform.admin.get<UsageTimeseries>(days);
    expect(items.reduce((sum, { requests }) => sum + requests, 0)).toBe(2);
    // Midnight in Kathmandu is a quarter past six in the evening, UTC.
    expect(items.every(({ start }) => start.endsWith('T18:15:00.000Z'))).toBe(true);
  });

  it('can be downloaded, each request in a row, and as charges that add up to the cost', async () => {
    const { requests, costMicroUsd } = (await platform.admin.usageOfKey(scenario.keyName))!;
    const download = async (file: string): Promise<string[]> => {
      const response = await fetch(`${platform.ready.controlPlane}/api/v1/usage/${file}?key=${scenario.keyName}`, {
        headers: { authorization: `Bearer ${platform.ready.adminToken}` },
      });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="[a-z]+-[\d-]+\.csv"$/);
      return (await response.text()).trimEnd().split('\r\n');
    };
    expect(await download('export.csv')).toHaveLength(requests + 1);
    const [header = '', ...charges] = await download('focus.csv');
    expect(header).toMatch(/^BilledCost,/);
    expect(charges.length).toBeGreaterThan(0);
    const cost = charges.reduce((sum, line) => sum + Number(line.split(',')[0]?.replace('.', '')), 0);
    expect(cost).toBe(costMicroUsd);
  });

  it('loses nothing on the way', async () => {
    expect(await platform.metric('penstock_usage_dropped_total')).toBe(0);
    await waitUntil('the spool to be empty', async () => (await platform.metric('penstock_usage_spool_events')) === 0);
  });
});
