import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SnapshotPolicy } from '@penstock/contracts';
import { type PrivateRedis, startPrivateRedis, waitUntil } from '@penstock/testing';
import { GatewayProcess } from './support/gateway-process.ts';
import { ScriptedUpstream } from './support/scripted-upstream.ts';
import { TestConfig } from './support/test-config.ts';

const VALUE = 'sk-of-a-policy-4711';
const messages = [{ role: 'user', content: 'hi' }];
const config = new TestConfig();
let redis: PrivateRedis;
let upstream: ScriptedUpstream;
let gateway: GatewayProcess;
let key: string;

const policy = (name: string, params: SnapshotPolicy['params']): SnapshotPolicy => ({
  name,
  condition: null,
  params,
  paths: null,
});
const header = (value: string): SnapshotPolicy =>
  policy('set-headers', { requestHeaders: [{ name: 'x-token', value }] });

beforeAll(async () => {
  [redis, upstream] = await Promise.all([startPrivateRedis(), ScriptedUpstream.start()]);
  const providers = [config.provider('first', upstream.url)];
  const proxy = (name: string, ...policies: SnapshotPolicy[]) =>
    config.proxy(name, `/${name}`, providers, { policies });
  config.secret('token', VALUE);
  proxy('secret', header('Token {{ secret "token" }}'));
  proxy(
    'env',
    header('{{ env "PENSTOCK_SECRET_TOKEN" }}'),
    policy('request-size', { maxBytes: '{{ env "PENSTOCK_SECRET_BYTES" }}' }),
  );
  proxy('text', header('Hello {{ name }}'));
  proxy('missing', header('{{ secret "nowhere" }}'));
  proxy('unset', header('{{ env "PENSTOCK_SECRET_UNSET" }}'));
  proxy('wrong', policy('request-size', { maxBytes: '{{ secret "token" }}' }));
  key = config.key('app');
  await config.publish(redis.url);
  gateway = await GatewayProcess.start({
    REDIS_URL: redis.url,
    PENSTOCK_SECRET_TOKEN: 'from-the-environment',
    PENSTOCK_SECRET_BYTES: '2000',
  });
});

afterAll(async () => {
  await gateway?.dispose();
  upstream?.stop();
  await redis?.dispose();
});

async function ask(proxy: string, content = 'hi'): Promise<number> {
  const body = { model: 'm', messages: [{ ...messages[0], content }] };
  const response = await gateway.post(`/${proxy}/chat/completions`, key, body);
  await response.text();
  return response.status;
}

describe('A7: policies that refer to secrets', () => {
  it('A7: run with the values of secrets and of environment variables, numbers included', async () => {
    expect(await ask('secret')).toBe(200);
    expect(upstream.last.headers['x-token']).toBe(`Token ${VALUE}`);
    expect(await ask('env')).toBe(200);
    expect(upstream.last.headers['x-token']).toBe('from-the-environment');
    expect(await ask('env', 'x'.repeat(2_000))).toBe(413);
  });

  it('A7: keep other text between double braces', async () => {
    expect(await ask('text')).toBe(200);
    expect(upstream.last.headers['x-token']).toBe('Hello {{ name }}');
  });

  it('A7: that cannot be resolved make their proxy unusable, with the reason and without a value', async () => {
    for (const proxy of ['missing', 'unset', 'wrong']) expect(await ask(proxy)).toBe(404);
    expect(gateway.output).toContain("requestHeaders.0.value: the secret 'nowhere' does not exist");
    expect(gateway.output).toContain("the environment variable 'PENSTOCK_SECRET_UNSET' does not exist");
    expect(gateway.output).toContain('once its references are resolved: maxBytes');
    expect(gateway.output).not.toContain(VALUE);
  });

  it('A7: take the new value of a secret with the next config', async () => {
    config.secret('token', 'rotated-value');
    const revision = await config.publish(redis.url);
    await waitUntil('the config to arrive', () => gateway.output.includes(`"revision":${revision}`));
    expect(await ask('secret')).toBe(200);
    expect(upstream.last.headers['x-token']).toBe('Token rotated-value');
  });
});
