import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ErrorAnswer, GatewayClient } from '../support/gateway-client.ts';
import { openPlatform } from '../support/platform.ts';
import { createCaller, createScenario, models, type Scenario, untilAllCurrent } from '../support/scenario.ts';
import { openUpstream } from '../support/upstream-under-test.ts';

const upstream = await openUpstream();
const platform = openPlatform();
let scenario: Scenario;

beforeAll(async () => {
  scenario = await createScenario({ admin: platform.admin, gateway: platform.ready.gateway, upstream });
});
afterAll(() => upstream.stop());

/** What the caller is told, in OpenAI's form. */
async function refusalOf(answer: Promise<Response>): Promise<ErrorAnswer['error'] & { status: number }> {
  const response = await answer;
  const body = (await response.json()) as ErrorAnswer;
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  expect(response.headers.get('x-request-id')).toBeTruthy();
  expect(Object.keys(body.error)).toEqual(expect.arrayContaining(['message', 'type', 'code', 'param']));
  return { ...body.error, status: response.status };
}

const chatWith = (key: string): Promise<Response> => new GatewayClient(scenario.baseUrl, key).chat('Hello');

describe('A caller without a good key', () => {
  it('is refused with 401 and told that the key is missing', async () => {
    const answer = fetch(`${scenario.baseUrl}/chat/completions`, { method: 'POST', body: '{}' });
    expect(await refusalOf(answer)).toMatchObject({ status: 401, code: 'missing_api_key' });
  });

  it('gets one and the same answer for an unknown, a malformed and a revoked key', async () => {
    const { key, keyName } = await createCaller({ admin: platform.admin, baseUrl: scenario.baseUrl });
    await platform.admin.revokeKey(keyName);
    await untilAllCurrent(platform.admin);
    const changed = scenario.key.replace(/^psk_./, (start) => (start === 'psk_a' ? 'psk_b' : 'psk_a'));
    const answers = await Promise.all([key, changed, 'sk-something-else'].map((bad) => refusalOf(chatWith(bad))));
    expect(answers[0]).toMatchObject({ status: 401, type: 'invalid_request_error', code: 'invalid_api_key' });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  it('is refused when it sends two different ones', async () => {
    const headers = {
      authorization: `Bearer ${scenario.key}`,
      'x-api-key': 'another',
      'content-type': 'application/json',
    };
    const answer = fetch(`${scenario.baseUrl}/chat/completions`, { method: 'POST', headers, body: '{}' });
    expect(await refusalOf(answer)).toMatchObject({ status: 400, code: 'ambiguous_credentials' });
  });
});

describe('A request that cannot be served', () => {
  it('names an unknown model: 404', async () => {
    const answer = scenario.client.chat('Hello', { model: 'no-such-model' });
    expect(await refusalOf(answer)).toMatchObject({ status: 404, code: 'model_not_found' });
  });

  it('names a model that the key may not use: the same 404', async () => {
    const { baseUrl } = scenario;
    const { client } = await createCaller({ admin: platform.admin, baseUrl }, { models: [models.other] });
    const refused = await refusalOf(client.chat('Hello', { model: models.chat }));
    const unknown = await refusalOf(client.chat('Hello', { model: 'no-such-model' }));
    expect(refused).toMatchObject({ status: 404, code: 'model_not_found' });
    expect(refused.message.replaceAll(models.chat, 'M')).toBe(unknown.message.replaceAll('no-such-model', 'M'));
  });

  it('is no JSON: 400', async () => {
    const answer = scenario.client.post('/chat/completions', '{"model": "chat", "messages": [');
    expect(await refusalOf(answer)).toMatchObject({ status: 400, code: 'invalid_json' });
  });

  it('has a model that is no text: 400', async () => {
    const answer = scenario.client.post('/chat/completions', { model: 7, messages: [] });
    expect(await refusalOf(answer)).toMatchObject({ status: 400, code: 'invalid_type', param: 'model' });
  });

  it('has no model: 400', async () => {
    const answer = scenario.client.post('/chat/completions', { messages: [{ role: 'user', content: 'Hello' }] });
    expect(await refusalOf(answer)).toMatchObject({ status: 400, code: 'missing_required_parameter', param: 'model' });
  });

  it('breaks a rule of the upstream, whose refusal is passed on: 400', async () => {
    const answer = scenario.client.chat('Hello', { temperature: 'warm' });
    const refusal = await refusalOf(answer);
    expect(refusal.status).toBe(400);
    expect(refusal.message).toMatch(/temperature/);
  });

  it('is too large: 413 before the body is read', async () => {
    expect(await statusOfAnnouncedBody(33 * 1024 * 1024)).toEqual({ status: 413, code: 'payload_too_large' });
  });

  it('goes to a route that does not exist: 404', async () => {
    const refusal = await refusalOf(scenario.client.post('/no-such-route', {}));
    expect(refusal).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('uses another method: 405 with Allow', async () => {
    const response = await scenario.client.get('/chat/completions');
    const body = (await response.json()) as ErrorAnswer;
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toMatch(/POST/);
    expect(body.error.code).toBe('method_not_allowed');
  });
});

/** Announces a body of this size and sends only its first bytes. */
function statusOfAnnouncedBody(bytes: number): Promise<{ status: number | undefined; code: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${scenario.key}`,
      'content-type': 'application/json',
      'content-length': String(bytes),
    };
    const sent = request(`${scenario.baseUrl}/chat/completions`, { method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('end', () => {
        resolve({ status: response.statusCode, code: (JSON.parse(text) as ErrorAnswer).error.code });
        sent.destroy();
      });
    });
    sent.once('error', reject);
    sent.write('{"model":');
  });
}
