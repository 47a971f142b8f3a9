import { randomUUID } from 'node:crypto';
import type { SnapshotProvider } from '@penstock/contracts';
import { deriveKeys, sealCredential } from '@penstock/secrets';
import { type SimulatedVendors, startSimulatedVendors } from '@penstock/testing';
import { GatewayProcess } from '../../gateway/support/gateway-process.ts';
import { MASTER_KEY, snapshotLimits, TestConfig } from '../../gateway/support/test-config.ts';

const VENDOR_KEY = 'vendor-key-0123456789';
const ORGANIZATION = '00000000-0000-4000-8000-000000000001';

/**
 * A gateway in front of simulated vendors. Models are named `provider/scenario`, such as `lab/sim-tools`; the providers are:
 * `lab`, which speaks Chat Completions alone; `openai`, which speaks Responses too; `mistral`; `claude` and `google` with their own
 * dialects.
 */
export class SdkWorld {
  readonly vendors: SimulatedVendors;
  readonly gateway: GatewayProcess;
  /** May use everything. */
  readonly key: string;
  /** May send one request in an hour. */
  readonly limitedKey: string;
  /** May send one request in a month, which is a quota rather than a rate. */
  readonly spentKey: string;
  /** May use one model only, `lab/sim-text`. */
  readonly narrowKey: string;

  private constructor(parts: { vendors: SimulatedVendors; gateway: GatewayProcess; keys: Keys }) {
    this.vendors = parts.vendors;
    this.gateway = parts.gateway;
    ({ key: this.key, limitedKey: this.limitedKey, spentKey: this.spentKey, narrowKey: this.narrowKey } = parts.keys);
  }

  /** Publishes its config to the Redis of the test environment. */
  static async create(): Promise<SdkWorld> {
    const redisUrl = process.env['REDIS_URL'];
    if (!redisUrl) throw new Error('REDIS_URL is missing: this runs in a Jest project with services.');
    const vendors = await startSimulatedVendors();
    const config = new TestConfig();
    config.proxy('root', '/', providersOf(config, vendors));
    const keys = keysOf(config);
    await config.publish(redisUrl);
    const gateway = await GatewayProcess.start({ REDIS_URL: redisUrl });
    return new SdkWorld({ vendors, gateway, keys });
  }

  async dispose(): Promise<void> {
    await this.gateway.dispose();
    await this.vendors.stop();
  }
}

interface Keys {
  readonly key: string;
  readonly limitedKey: string;
  readonly spentKey: string;
  readonly narrowKey: string;
}

function keysOf(config: TestConfig): Keys {
  return {
    key: config.key('app'),
    limitedKey: config.key('limited', { limits: snapshotLimits({ unit: 'requests', window: 'hour', max: 1 }) }),
    spentKey: config.key('spent', { limits: snapshotLimits({ unit: 'requests', window: 'month', max: 1 }) }),
    narrowKey: config.key('narrow', { models: ['lab/sim-text'] }),
  };
}

function providersOf(config: TestConfig, { urls }: SimulatedVendors): readonly SnapshotProvider[] {
  const bearer = (): Credential => credential('Authorization', `Bearer ${VENDOR_KEY}`);
  return [
    config.provider('lab', `${urls.openai}/v1`, { models: null, template: 'openai-compatible', ...bearer() }),
    config.provider('openai', `${urls.openai}/v1`, { models: null, template: 'openai', ...bearer() }),
    config.provider('mistral', urls.mistral, { models: null, template: 'mistralai', ...bearer() }),
    config.provider('claude', urls.anthropic, {
      models: null,
      template: 'anthropic',
      dialect: 'anthropic',
      ...credential('x-api-key', VENDOR_KEY),
    }),
    config.provider('google', urls.gemini, {
      models: null,
      template: 'gemini',
      dialect: 'gemini',
      ...credential('x-goog-api-key', VENDOR_KEY),
    }),
  ];
}

type Credential = Pick<SnapshotProvider, 'id' | 'auth'>;

/** A credential is sealed for one provider, so that it comes with the provider's id. */
function credential(header: string, value: string): Credential {
  const id = randomUUID();
  const context = { organizationId: ORGANIZATION, providerId: id };
  return { id, auth: { header, sealedValue: sealCredential(value, deriveKeys(MASTER_KEY), context) } };
}
