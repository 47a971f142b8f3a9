import { GatewayProcess } from './gateway-process.ts';
import { answerWell, chunk, ScriptedUpstream } from './scripted-upstream.ts';
import { snapshotLimits, TestConfig } from './test-config.ts';
import { type PrivateRedis, startPrivateRedis } from '@penstock/testing';

const body = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };

/** One gateway with one upstream, one proxy and two keys, and a Redis of its own that may be stopped. */
export class GatewayWorld {
  readonly redis: PrivateRedis;
  readonly upstream: ScriptedUpstream;
  readonly config = new TestConfig();
  readonly key: string;
  /** Five requests at once, then 1000 in an hour. */
  readonly limitedKey: string;
  #gateway: GatewayProcess | undefined;

  private constructor(redis: PrivateRedis, upstream: ScriptedUpstream) {
    this.redis = redis;
    this.upstream = upstream;
    this.config.proxy('root', '/', [this.config.provider('lab', upstream.url)]);
    this.key = this.config.key('app');
    const limits = snapshotLimits({ unit: 'requests', window: 'hour', max: 1000, burst: 5 });
    this.limitedKey = this.config.key('limited', { limits });
  }

  /** Everything but the gateway. */
  static async create(): Promise<GatewayWorld> {
    const [redis, upstream] = await Promise.all([startPrivateRedis({ durable: true }), ScriptedUpstream.start()]);
    const world = new GatewayWorld(redis, upstream);
    await world.config.publish(redis.url);
    return world;
  }

  get gateway(): GatewayProcess {
    if (!this.#gateway) throw new Error('the gateway was not started');
    return this.#gateway;
  }

  async start(environment: NodeJS.ProcessEnv = {}): Promise<GatewayProcess> {
    this.#gateway = await GatewayProcess.start({ REDIS_URL: this.redis.url, ...environment });
    return this.#gateway;
  }

  ask(secret = this.key, headers: Record<string, string> = {}): Promise<Response> {
    return this.gateway.post('/v1/chat/completions', secret, body, { headers });
  }

  /** Starts a stream that goes on until `finish` is called. */
  async openStream(requestId: string): Promise<{ response: Response; finish: () => void }> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.upstream.script = async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk('a'));
      await promise;
      response.write(chunk('b', 'stop'));
      response.end('data: [DONE]\n\n');
    };
    const headers = { 'x-request-id': requestId };
    const response = await this.gateway.post('/v1/chat/completions', this.key, { ...body, stream: true }, { headers });
    this.upstream.script = answerWell;
    return { response, finish: resolve };
  }

  async dispose(): Promise<void> {
    await this.#gateway?.dispose();
    this.upstream.stop();
    await this.redis.dispose();
  }
}
