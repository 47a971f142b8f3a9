import { type PrivateRedis, startPrivateRedis } from '@penstock/testing';
import { GatewayProcess } from '../../gateway/support/gateway-process.ts';
import { TestConfig } from '../../gateway/support/test-config.ts';
import { AgentModel } from './agent-model.ts';

/** Names by which agents ask for the model. */
export const AGENT_MODEL = 'lab-model';

/** A gateway in front of an OpenAI-compatible model that can use tools. */
export class AgentWorld {
  readonly model: AgentModel;
  readonly gateway: GatewayProcess;
  readonly key: string;
  readonly #redis: PrivateRedis;

  private constructor(parts: { model: AgentModel; gateway: GatewayProcess; key: string; redis: PrivateRedis }) {
    this.model = parts.model;
    this.gateway = parts.gateway;
    this.key = parts.key;
    this.#redis = parts.redis;
  }

  static async create(): Promise<AgentWorld> {
    const [redis, model] = await Promise.all([startPrivateRedis(), AgentModel.start()]);
    const config = new TestConfig();
    config.proxy('root', '/', [config.provider('lab', model.url, { models: null })]);
    const key = config.key('agent');
    await config.publish(redis.url);
    const gateway = await GatewayProcess.start({ REDIS_URL: redis.url });
    return new AgentWorld({ model, gateway, key, redis });
  }

  async dispose(): Promise<void> {
    await this.gateway.dispose();
    this.model.stop();
    await this.#redis.dispose();
  }
}
