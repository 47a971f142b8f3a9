import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { POLICY_CATALOGUE, PolicyDescriptions } from '@penstock/contracts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

describe('GET /policies', () => {
  it('lists every policy with the schema of its parameters, to a viewer too', async () => {
    const viewer = (await app.call('POST', '/admin-tokens', { body: { name: 'reader', role: 'viewer' } })).body.token;
    const { status, body } = await app.call('GET', '/policies', { token: viewer });
    expect(status).toBe(200);
    const { items } = PolicyDescriptions.parse(body);
    expect(items.map(({ name }) => name)).toEqual(POLICY_CATALOGUE.map(({ name }) => name));
    expect(items.find(({ name }) => name === 'regex-guardrail')).toMatchObject({
      category: 'guardrails',
      versions: ['v0', 'v1'],
      parameters: { properties: { mode: { enum: ['block', 'monitor'] } } },
      docs: 'docs/policies/regex-guardrail.md',
    });
  });
});
