import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type PrivateRedis, startPrivateRedis } from '@penstock/testing';
import { GatewayProcess } from './support/gateway-process.ts';
import { ScriptedUpstream } from './support/scripted-upstream.ts';
import { TestConfig } from './support/test-config.ts';

let redis: PrivateRedis;
let upstream: ScriptedUpstream;
let gateway: GatewayProcess;
let key = '';

beforeAll(async () => {
  [redis, upstream] = await Promise.all([startPrivateRedis(), ScriptedUpstream.start()]);
  const config = new TestConfig();
  config.proxy('root', '/', [config.provider('lab', upstream.url, { template: 'openai' })]);
  key = config.key('app');
  await config.publish(redis.url);
  gateway = await GatewayProcess.start({ REDIS_URL: redis.url });
});
afterAll(async () => {
  await gateway?.dispose();
  upstream?.stop();
  await redis?.dispose();
});

const reasoning = { type: 'reasoning', summary: [], encrypted_content: 'of another account' };
const message = { type: 'message', role: 'user', content: 'hi' };
const completed = { id: 'resp_1', object: 'response', status: 'completed', output: [], usage: null };
const refused = {
  error: { message: 'The encrypted content could not be verified.', code: 'invalid_encrypted_content' },
};

/** Refuses while there is reasoning, and for ever where told. */
function refuse(always: boolean): void {
  upstream.received.length = 0;
  upstream.script = ({ text }, response) => {
    const isRefused = always || text.includes('reasoning');
    response.writeHead(isRefused ? 400 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isRefused ? refused : completed));
  };
}

const ask = () => gateway.post('/v1/responses', key, { model: 'm', input: [reasoning, message] });

it('asks once more without reasoning that another account made', async () => {
  refuse(false);
  const response = await ask();
  expect([response.status, response.headers.get('x-penstock-attempts')]).toEqual([200, '2']);
  await response.text();
  expect(upstream.received.map(({ json }) => json.input)).toEqual([[reasoning, message], [message]]);
});

it('tells the caller when that does not help, and asks no third time', async () => {
  refuse(true);
  const response = await ask();
  expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('could not be verified')]);
  expect(upstream.received).toHaveLength(2);
});
