import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anthropicSdks } from '../support/anthropic-sdks.ts';
import { failureOf } from '../support/failure-of.ts';
import { openPlatform } from '../support/platform.ts';
import { createCaller, createScenario, models, type Scenario } from '../support/scenario.ts';
import { openUpstream } from '../support/upstream-under-test.ts';

const upstream = await openUpstream();
const platform = openPlatform();
let scenario: Scenario;
/** May use one model only. */
let narrowKey: string;

beforeAll(async () => {
  scenario = await createScenario({ admin: platform.admin, gateway: platform.ready.gateway, upstream });
  const { baseUrl } = scenario;
  narrowKey = (await createCaller({ admin: platform.admin, baseUrl }, { models: [models.other] })).key;
});
afterAll(() => upstream.stop());

/** The models as a client of Anthropic's API asks for them. */
function get(path: string, key = scenario.key): Promise<Response> {
  const headers = { 'x-api-key': key, 'anthropic-version': '2023-06-01' };
  return fetch(`${scenario.baseUrl}${path}`, { headers, signal: AbortSignal.timeout(10_000) });
}

describe("The models in Anthropic's shape", () => {
  it('are those that the key may use', async () => {
    const response = await get('/models?limit=1000');
    expect(response.status).toBe(200);
    const page = (await response.json()) as { data: { id: string; type: string }[]; has_more: boolean };
    expect(page.data.map(({ id }) => id)).toEqual(expect.arrayContaining([models.chat, models.other]));
    expect(page.data.every(({ type }) => type === 'model')).toBe(true);
    expect(page).toMatchObject({ has_more: false, first_id: page.data[0]!.id, last_id: page.data.at(-1)!.id });
    expect(await (await get('/models', narrowKey)).json()).toMatchObject({ data: [{ id: models.other }] });
  });

  it.each(anthropicSdks)("are paged through and found by Anthropic's SDK $version", async ({ Sdk }) => {
    const client = new Sdk({ baseURL: scenario.baseUrl.replace(/\/v1$/, ''), apiKey: scenario.key, maxRetries: 0 });
    const ids = (await Array.fromAsync(client.models.list({ limit: 1 }))).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([models.chat, models.other]));
    expect(new Set(ids).size).toBe(ids.length);
    expect(await client.models.retrieve(models.chat)).toMatchObject({ type: 'model', id: models.chat });
    expect(await failureOf(client.models.retrieve('no-such-model'))).toBeInstanceOf(Sdk.NotFoundError);
  });

  it('are hidden from a wrong key', async () => {
    const response = await get('/models', 'psk_wrong');
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'authentication_error' } });
  });
});
