import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../testing/test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

describe('the reconciliation in the API', () => {
  it('is 404 before the first run, runs when it is asked to, and shows the last result', async () => {
    expect((await app.call('GET', '/usage/reconciliation')).status).toBe(404);
    const run = await app.call('POST', '/usage/reconciliation/run');
    expect(run).toMatchObject({ status: 200, body: { consistent: true, presumedRequests: 0 } });
    expect((await app.call('GET', '/usage/reconciliation')).body).toEqual(run.body);
  });
});
