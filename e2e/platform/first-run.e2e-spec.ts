import { describe, expect, it } from '@jest/globals';
import { readChatStream } from '../support/chat-stream.ts';
import { GatewayClient } from '../support/gateway-client.ts';
import { openPlatform } from '../support/platform.ts';

const { ready, admin } = openPlatform();

describe('What npm run up prints', () => {
  (ready.virtualKey ? it : it.skip)('is a key with which a chat is streamed at once', async () => {
    const client = new GatewayClient(`${ready.gateway}/v1`, ready.virtualKey!);
    const { text, isDone } = await readChatStream(await client.chat('Hello', { model: 'demo', stream: true }));
    expect(text).toMatch(/\w+ \w+/);
    expect(isDone).toBe(true);
  });

  it('is a login that the control plane accepts', async () => {
    const login = (password: string): Promise<Response> =>
      fetch(`${ready.controlPlane}/api/v1/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: ready.console },
        body: JSON.stringify({ email: ready.adminEmail, password }),
      });
    const accepted = await login(ready.adminPassword);
    expect(accepted.status).toBe(200);
    expect(accepted.headers.get('set-cookie')).toMatch(/HttpOnly/i);
    expect((await login('wrong')).status).toBe(401);
  });

  it('is a token for the admin API', async () => {
    expect((await admin.gatewayInstances()).length).toBeGreaterThan(0);
    const stranger = await fetch(`${ready.controlPlane}/api/v1/llm-providers`, {
      headers: { authorization: 'Bearer pat_wrong' },
    });
    expect(stranger.status).toBe(401);
  });

  it('is the address of the console', async () => {
    const page = await fetch(ready.console);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(await page.text()).toContain('<script type="module"');
  });

  it('are servers that say how they are', async () => {
    const statuses = await Promise.all(
      [`${ready.gateway}/health`, `${ready.gateway}/ready`, `${ready.gatewayOperations}/ready`].map(async (url) => {
        const response = await fetch(url);
        return response.status;
      }),
    );
    expect(statuses).toEqual([200, 200, 200]);
  });

  it('describes its admin API as OpenAPI 3.1', async () => {
    const document = (await (await fetch(`${ready.controlPlane}/api/openapi.json`)).json()) as {
      openapi: string;
      paths: Record<string, unknown>;
    };
    expect(document.openapi).toMatch(/^3\.1/);
    expect(Object.keys(document.paths)).toContain('/api/v1/virtual-keys');
  });
});
