import type { TokenUsage } from '@penstock/contracts';
import {
  behaviours,
  failureKinds,
  type PrivateRedis,
  type SimulatedVendors,
  startPrivateRedis,
  startSimulatedVendors,
  type VendorLedgerEntry,
} from '@penstock/testing';
import { GatewayProcess } from '../../gateway/support/gateway-process.ts';
import { TestConfig } from '../../gateway/support/test-config.ts';
import { builtInTemplates } from './built-in-templates.ts';
import { type CallerName, callerNames, type Door } from './caller.ts';
import { AnswerShapes } from './answer-shapes.ts';
import { routeOf, type Upstream, upstreams } from './upstream.ts';

/** What the simulated model is to do. */
export type Scenario = (typeof behaviours)[number] | `error-${(typeof failureKinds)[number]}`;

const scenarios: readonly Scenario[] = [...behaviours, ...failureKinds.map((kind) => `error-${kind}` as const)];

/**
 * The name by which a caller asks for a scenario of an upstream. Every caller has models of its own, so that the errors which one
 * provokes do not open the circuit breakers of another.
 */
export function modelOf(caller: CallerName, upstream: Upstream, scenario: Scenario): string {
  return `${caller}.${upstream.name}.${scenario}`;
}

/** One gateway in front of all simulated vendors, with the templates of the release. */
export class ConformanceWorld implements Door {
  readonly vendors: SimulatedVendors;
  readonly redis: PrivateRedis;
  readonly key: string;
  /** What the usage events must say, by request. */
  readonly truths = new Map<string, TokenUsage>();
  readonly shapes = new AnswerShapes();
  readonly #gateway: GatewayProcess;

  private constructor(parts: { vendors: SimulatedVendors; redis: PrivateRedis; key: string; gateway: GatewayProcess }) {
    this.vendors = parts.vendors;
    this.redis = parts.redis;
    this.key = parts.key;
    this.#gateway = parts.gateway;
  }

  static async create(): Promise<ConformanceWorld> {
    const keys = Object.fromEntries(upstreams.map(({ vendor, key }) => [vendor, key]));
    const [redis, vendors, templates] = await Promise.all([
      startPrivateRedis(),
      startSimulatedVendors({ keys }),
      builtInTemplates(),
    ]);
    const config = new TestConfig();
    const providers = upstreams.map((upstream) => {
      const template = templates.get(upstream.template);
      if (!template) throw new Error(`there is no template ${upstream.template}`);
      return config.provider(upstream.name, vendors.urls[upstream.vendor] + upstream.basePath, {
        template: upstream.template,
        dialect: template.dialect,
        apiVersion: upstream.apiVersion,
        credential: { header: template.authHeader, value: template.authValuePrefix + upstream.key },
        profile: template.profile,
        modelProfiles: template.modelProfiles,
        models: modelsOf(upstream),
      });
    });
    config.proxy('root', '/', providers);
    const key = config.key('conformance');
    await config.publish(redis.url);
    const gateway = await GatewayProcess.start({ REDIS_URL: redis.url });
    return new ConformanceWorld({ vendors, redis, key, gateway });
  }

  get url(): string {
    return this.#gateway.url;
  }

  /** What the vendors received for a request, the oldest first. */
  received(requestId: string): readonly VendorLedgerEntry[] {
    return this.vendors.ledger.entries.filter(({ headers }) => headers['x-request-id'] === requestId);
  }

  async dispose(): Promise<void> {
    await this.#gateway.dispose();
    await Promise.all([this.vendors.stop(), this.redis.dispose()]);
  }
}

function modelsOf(upstream: Upstream) {
  return callerNames.flatMap((caller) =>
    scenarios.map((scenario) => ({
      id: modelOf(caller, upstream, scenario),
      upstreamModel: `${routeOf(upstream, caller).family}sim-${scenario}`,
      profile: upstream.profile,
      limits: [],
    })),
  );
}
