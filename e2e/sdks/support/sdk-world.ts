import type { LlmProviderTemplateSpec, SnapshotProvider } from '@penstock/contracts';
import { type SimulatedVendors, startSimulatedVendors, type VendorName } from '@penstock/testing';
import { builtInTemplates } from '../../conformance/support/built-in-templates.ts';
import { GatewayProcess } from '../../gateway/support/gateway-process.ts';
import { snapshotLimits, TestConfig } from '../../gateway/support/test-config.ts';

/** A provider of the tests: a simulated vendor with the template of the release, and the family of models that is asked for. */
interface Upstream {
  readonly vendor: VendorName;
  readonly template: string;
  readonly basePath: string;
  readonly family: string;
}

const UPSTREAMS = {
  /** Speaks Chat Completions alone; the primary one. */
  lab: { vendor: 'openai', template: 'openai-compatible', basePath: '/v1', family: '' },
  /** Speaks Responses too. */
  openai: { vendor: 'openai', template: 'openai', basePath: '/v1', family: 'gpt-5.2-' },
  mistral: { vendor: 'mistral', template: 'mistralai', basePath: '', family: 'mistral-medium-3.5-' },
  claude: { vendor: 'anthropic', template: 'anthropic', basePath: '', family: 'claude-opus-5-' },
  google: { vendor: 'gemini', template: 'gemini', basePath: '', family: 'gemini-3.5-pro-' },
} as const satisfies Record<string, Upstream>;

export type ProviderName = keyof typeof UPSTREAMS;

/** The name of a provider's model that acts out a scenario. */
export const modelOf = (provider: ProviderName, scenario: string): string =>
  `${provider}/${UPSTREAMS[provider].family}sim-${scenario}`;

/** A gateway in front of simulated vendors, configured as the control plane would. */
export class SdkWorld {
  readonly vendors: SimulatedVendors;
  readonly gateway: GatewayProcess;
  readonly keys: Keys;

  private constructor(parts: { vendors: SimulatedVendors; gateway: GatewayProcess; keys: Keys }) {
    this.vendors = parts.vendors;
    this.gateway = parts.gateway;
    this.keys = parts.keys;
  }

  /** Publishes its config to the Redis of the test environment. */
  static async create(): Promise<SdkWorld> {
    const redisUrl = process.env['REDIS_URL'];
    if (!redisUrl) throw new Error('REDIS_URL is missing: this runs in a Jest project with services.');
    const [vendors, templates] = await Promise.all([startSimulatedVendors(), builtInTemplates()]);
    const config = new TestConfig();
    const names = Object.keys(UPSTREAMS) as ProviderName[];
    config.proxy(
      'root',
      '/',
      names.map((name) => addProvider(config, name, { vendors, templates })),
    );
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
  /** May use everything. */
  readonly full: string;
  /** May send one request in an hour. */
  readonly limited: string;
  /** May send one request in a month, which is a quota rather than a rate. */
  readonly spent: string;
  /** May use one model only: `lab/sim-text`. */
  readonly narrow: string;
}

function keysOf(config: TestConfig): Keys {
  return {
    full: config.key('app'),
    limited: config.key('limited', { limits: snapshotLimits({ unit: 'requests', window: 'hour', max: 1 }) }),
    spent: config.key('spent', { limits: snapshotLimits({ unit: 'requests', window: 'month', max: 1 }) }),
    narrow: config.key('narrow', { models: ['lab/sim-text'] }),
  };
}

function addProvider(
  config: TestConfig,
  name: ProviderName,
  world: { vendors: SimulatedVendors; templates: ReadonlyMap<string, LlmProviderTemplateSpec> },
): SnapshotProvider {
  const upstream = UPSTREAMS[name];
  const template = world.templates.get(upstream.template);
  if (!template) throw new Error(`there is no template ${upstream.template}`);
  const { dialect, profile, modelProfiles, authHeader, authValuePrefix } = template;
  return config.provider(name, world.vendors.urls[upstream.vendor] + upstream.basePath, {
    template: upstream.template,
    dialect,
    profile,
    modelProfiles,
    credential: { header: authHeader, value: `${authValuePrefix}vendor-key-0123456789` },
    models: null,
  });
}
