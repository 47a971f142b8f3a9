import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ConfigSnapshot } from '@penstock/contracts';
import { hashVirtualKey, Redactor } from '@penstock/secrets';
import { createLogger } from '@penstock/telemetry';
import { createGateway, type GatewayOptions } from './create-gateway.ts';
import { standaloneBackends } from './standalone/standalone-backends.ts';
import { standaloneSnapshot } from './standalone/standalone-snapshot.ts';

const ANSWER = JSON.stringify({
  choices: [{ index: 0, message: { role: 'assistant', content: 'warm' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1 },
});
const EVENT = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'warm' }, finish_reason: null }] })}\n\n`;
const BODY = { model: 'warm', messages: [{ role: 'user', content: 'Warm up. '.repeat(100) }], max_tokens: 16 };
const PARALLEL = 8;
const LONGEST_MS = 1500;

/**
 * Sends requests through a second gateway within this process, in front of an upstream of its own, so that the code is compiled
 * before real requests come: without it the first ones take many times as long. Ends after 1.5 s at the latest.
 */
export async function warmUp(options: Pick<GatewayOptions, 'settings' | 'keys'>, requests: number): Promise<void> {
  if (requests === 0) return;
  const upstream = http.createServer((request, response) => {
    const isStream = request.headers.accept === 'text/event-stream';
    response.writeHead(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' });
    request.resume().on('end', () => response.end(isStream ? `${EVENT}${EVENT}data: [DONE]\n\n` : ANSWER));
  });
  const upstreamPort = await listen(upstream);
  const gateway = createGateway({
    settings: { ...options.settings, upstreamAllowRanges: ['127.0.0.0/8'], accessLog: false, drainDelayMs: 0 },
    instanceId: 'warm-up',
    keys: options.keys,
    backends: standaloneBackends(
      snapshotFor(upstreamPort, (token) => hashVirtualKey(token, options.keys.virtualKeyPepper)),
    ),
    redactor: new Redactor(),
    logger: createLogger({ name: 'warm-up', level: 'silent' }),
    processMetrics: false,
  });
  const { port } = await gateway.start({ host: '127.0.0.1', port: 0, shared: false });
  const agent = new http.Agent({ keepAlive: true });
  const deadline = performance.now() + LONGEST_MS;
  let sent = 0;
  const work = async (): Promise<void> => {
    while (sent < requests && performance.now() < deadline) {
      sent += 1;
      await ask(port, agent, sent % 2 === 0);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  agent.destroy();
  await gateway.drain();
  upstream.close();
  upstream.closeAllConnections();
}

function snapshotFor(upstreamPort: number, hash: (token: string) => string): ConfigSnapshot {
  const nothing = { host: '', port: 0, operationsPort: 0, maxBodyBytes: 0, logLevel: 'silent' };
  const settings = {
    ...nothing,
    upstreamUrl: `http://127.0.0.1:${upstreamPort}`,
    requestTimeoutMs: 1000,
    defaultModelId: undefined,
    bearerToken: 'warm-up',
    requestsPerMinute: 0,
    circuitBreaker: { consecutiveFailures: 0, openMs: 0 },
  };
  return standaloneSnapshot(settings, hash);
}

async function listen(server: http.Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Whatever comes of it: a failed warm-up only means a cold start. */
function ask(port: number, agent: http.Agent, stream: boolean): Promise<void> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json', authorization: 'Bearer warm-up' };
    const request = http.request({
      host: '127.0.0.1',
      port,
      path: '/v1/chat/completions',
      method: 'POST',
      agent,
      headers,
    });
    request.on('response', (response) => response.resume().on('close', resolve));
    request.on('error', () => resolve());
    request.end(JSON.stringify({ ...BODY, stream }));
  });
}
