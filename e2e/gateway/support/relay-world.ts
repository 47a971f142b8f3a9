import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SnapshotPolicy } from '@penstock/contracts';
import { type PrivateRedis, startPrivateRedis } from '@penstock/testing';
import { GatewayProcess } from './gateway-process.ts';
import { snapshotLimits, TestConfig } from './test-config.ts';

/** What the vendor was asked. */
export interface RelayedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  body: string;
  /** The connection was closed before the answer was complete. */
  aborted: boolean;
}

type Script = (request: http.IncomingMessage, response: http.ServerResponse) => void;

export const MAX_RELAYED_BODY = 1024 * 1024;

const whole: Script = (request, response) => {
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{"object":"list","data":[]}');
  });
};

/** A vendor that answers as a script says, and a gateway that has it under several contexts. */
export class RelayWorld {
  readonly received: RelayedRequest[] = [];
  script: Script = whole;
  readonly redis: PrivateRedis;
  readonly gateway: GatewayProcess;
  readonly keys: ReturnType<typeof addKeys>;
  readonly #upstream: http.Server;

  private constructor(
    parts: { redis: PrivateRedis; gateway: GatewayProcess; upstream: http.Server },
    keys: ReturnType<typeof addKeys>,
  ) {
    this.redis = parts.redis;
    this.gateway = parts.gateway;
    this.#upstream = parts.upstream;
    this.keys = keys;
    this.#upstream.on('request', (request, response) => this.#answer(request, response));
  }

  static async start(): Promise<RelayWorld> {
    const redis = await startPrivateRedis();
    const upstream = http.createServer();
    await new Promise<void>((resolve) => void upstream.listen(0, '127.0.0.1', resolve));
    const config = new TestConfig();
    const origin = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
    const providers = addProviders(config, origin);
    config.proxy('proxy', '/proxy', [config.provider('behind', `${origin}/v1`)]);
    const keys = addKeys(config, providers);
    await config.publish(redis.url);
    const settings = { REDIS_URL: redis.url, PENSTOCK_MAX_BODY_BYTES: String(MAX_RELAYED_BODY) };
    return new RelayWorld({ redis, gateway: await GatewayProcess.start(settings), upstream }, keys);
  }

  reset(): void {
    this.received.length = 0;
    this.script = whole;
  }

  ask(path: string, init: RequestInit & { readonly duplex?: 'half' } = {}, by = this.keys.own): Promise<Response> {
    return fetch(this.gateway.url + path, {
      redirect: 'manual',
      ...init,
      headers: { authorization: `Bearer ${by}`, ...(init.headers as Record<string, string> | undefined) },
    });
  }

  async dispose(): Promise<void> {
    await this.gateway.dispose();
    this.#upstream.closeAllConnections();
    this.#upstream.close();
    await this.redis.dispose();
  }

  #answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    const { method = '', url = '', headers, rawHeaders } = request;
    const one: RelayedRequest = { method, url, headers, rawHeaders, body: '', aborted: false };
    this.received.push(one);
    request.on('data', (chunk: Buffer) => (one.body += chunk.toString('latin1')));
    response.on('close', () => (one.aborted = !response.writableFinished));
    request.on('error', () => undefined);
    this.script(request, response);
  }
}

/** Status, and the code of the gateway's error or the text of any other answer. */
export async function relayOutcome(response: Response): Promise<readonly [number, string]> {
  const text = await response.text();
  if (!text.startsWith('{"error"')) return [response.status, text];
  return [response.status, (JSON.parse(text) as { error: { code: string } }).error.code];
}

const policy = (name: string, params: SnapshotPolicy['params'] = {}, paths: SnapshotPolicy['paths'] = null) => ({
  name,
  condition: null,
  params,
  paths,
});

function addProviders(config: TestConfig, origin: string): readonly string[] {
  const names: string[] = [];
  const timeouts = { connectMs: 1000, firstByteMs: 700, idleMs: 1000, totalMs: 10_000 };
  const provider = (name: string, options: Parameters<TestConfig['provider']>[2] = {}, url = `${origin}/v1`) => {
    names.push(name);
    config.provider(name, url, { template: 'openai', context: `/${name}`, timeouts, ...options });
  };
  provider('open');
  provider('dead', {}, 'http://127.0.0.1:9/v1');
  provider('closed', {
    accessControl: { mode: 'deny_all', exceptions: [{ path: '/files/{id}', methods: ['GET'] }] },
  });
  provider('without', {
    accessControl: { mode: 'allow_all', exceptions: [{ path: '/files/*', methods: ['DELETE'] }] },
  });
  provider('governed', {
    policies: [
      policy('set-headers', {
        requestHeaders: [{ name: 'x-set', value: 'yes' }],
        responseHeaders: [{ name: 'x-answered', value: 'yes' }],
      }),
      policy('remove-headers', { responseHeaders: [{ name: 'x-of-vendor' }] }),
      policy('request-size', { maxBytes: 100 }),
      policy('cors', { allowedOrigins: ['https://app.example'] }),
    ],
  });
  provider('keyed', { policies: [policy('api-key-auth', { key: 'X-Own-Key', in: 'header' })] });
  provider('queried', { policies: [policy('api-key-auth', { key: 'token', in: 'query' })] });
  provider('guarded', {
    policies: [policy('regex-guardrail', { request: { enabled: true, regex: 'secret', invert: true } })],
  });
  provider('metered', { limits: snapshotLimits({ unit: 'tokens', window: 'day', max: 1000 }) });
  provider('bedrock', { template: 'awsbedrock', dialect: 'bedrock-converse' }, origin);
  return names;
}

function addKeys(config: TestConfig, names: readonly string[]) {
  const providers = [...names];
  return {
    own: config.key('own', { providers }),
    oneModel: config.key('one-model', { providers, models: ['m'] }),
    limited: config.key('limited', { providers, limits: snapshotLimits({ unit: 'cost', window: 'day', max: 1000 }) }),
    once: config.key('once', { providers, limits: snapshotLimits({ unit: 'requests', window: 'hour', max: 1 }) }),
  };
}
