import {
  type CredentialOwner,
  type DerivedKeys,
  openCredential,
  openSecret,
  readSecretVariable,
  type Redactor,
  type SecretOwner,
} from '@penstock/secrets';
import type { ApplicableLimit } from '@penstock/rate-limiting';
import type { Logger } from '@penstock/telemetry';
import type { Backends, BackendsFactory } from './backends.ts';
import { ConfigHolder } from './config/config-holder.ts';
import type { GatewaySettings } from './config/gateway-settings.ts';
import { ActiveRequests } from './dispatch/active-requests.ts';
import { CircuitBreakerRegistry } from './dispatch/circuit-breaker-registry.ts';
import type { CircuitBreakerOptions } from './dispatch/circuit-breaker.ts';
import { TargetLoadRegistry } from './dispatch/target-loads.ts';
import { TokenRatioRegistry } from './dispatch/token-ratios.ts';
import { Embeddings } from './embeddings/embeddings.ts';
import { proxyEndpoints, systemEndpoints, vendorEndpoints } from './endpoints/endpoint-definitions.ts';
import { Gateway } from './gateway.ts';
import { GatewayServer } from './http/gateway-server.ts';
import type { RefusedHop } from './pipeline/provider-gate.ts';
import { RemoteKeySets } from './policies/jwt-auth/remote-key-sets.ts';
import type { PolicyServices } from './policies/policy-factory.ts';
import { GatewayMetrics } from './telemetry/gateway-metrics.ts';
import { TimedReports } from './telemetry/timed-reports.ts';
import { updateGauges } from './telemetry/update-gauges.ts';
import { AddressGuard } from './upstream/address-guard.ts';
import { GuardedNetwork } from './upstream/guarded-network.ts';
import { UpstreamModelLists } from './upstream/upstream-model-lists.ts';
import { UpstreamPools } from './upstream/upstream-pools.ts';
import { RelayEndpoint } from './vendor-relay/relay-endpoint.ts';

export interface GatewayOptions {
  readonly settings: GatewaySettings;
  readonly instanceId: string;
  readonly keys: DerivedKeys;
  readonly backends: BackendsFactory;
  readonly redactor: Redactor;
  readonly logger: Logger;
  readonly circuitBreaker?: CircuitBreakerOptions;
  /** Whether the process' own metrics (memory, event loop, garbage collection) are collected; true unless told otherwise. */
  readonly processMetrics?: boolean;
}

/** Puts a gateway together: the only place that makes its parts. */
export function createGateway(options: GatewayOptions): Gateway {
  const { settings, keys, logger, redactor } = options;
  const now = (): number => Date.now();
  const metrics = new GatewayMetrics({ processMetrics: options.processMetrics ?? true });
  const { pools, ...longLived } = createLongLived(options);
  const active = new ActiveRequests();

  const backends = options.backends({
    apply: async (loaded) => {
      const { unusable, compileMs } = await config.apply(loaded);
      for (const one of unusable) logger.warn(one, 'a provider cannot be used');
      const { revision } = loaded.snapshot;
      logger.info({ revision, origin: loaded.origin, compileMs: Math.round(compileMs) }, 'applied a config');
      backends.reportState();
    },
    refuse: (refusal) => {
      config.refuse(refusal);
      logger.error(refusal, 'refused a config');
      backends.reportState();
    },
    describe: () => gateway.describe(),
    onDegradedAdmission: (unit) => metrics.degradedAdmission(unit),
  });

  const services = {
    sink: backends.sink,
    limiter: backends.limiter,
    accounts: backends.accounts,
    metrics,
    active,
    gatewayInstanceId: options.instanceId,
    maxBodyBytes: settings.maxBodyBytes,
    defaultMaxOutputTokens: settings.defaultMaxOutputTokens,
    authentication: { pepper: keys.virtualKeyPepper, now },
    modelLists: new UpstreamModelLists(),
    random: Math.random,
    now,
    ...reports(logger),
  };
  const compile = {
    ...secretSources(keys),
    ...longLived,
    proxyEndpoints: proxyEndpoints(services),
    systemEndpoints: systemEndpoints(() => readiness(gateway)),
    vendorEndpoints: vendorEndpoints(services),
    relay: new RelayEndpoint(services),
    policies: policyServices(options, backends, metrics),
  };
  const config = new ConfigHolder({ compile, metrics, redactor, now });
  const { maxInFlight, accessLog, drainDelayMs, drainTimeoutMs } = settings;
  const server = new GatewayServer({ config: () => config.current, metrics, logger, maxInFlight, accessLog, now });
  const parts = { backends, config, server, active, pools, metrics, logger };
  const gateway = new Gateway({ ...parts, drainDelayMs, drainTimeoutMs });
  metrics.registry.beforeCollect(() => updateGauges(metrics, backends, config.current));
  return gateway;
}

/** Opens what snapshots carry sealed. */
function secretSources(keys: DerivedKeys) {
  return {
    openCredential: (sealed: string, owner: CredentialOwner) => openCredential(sealed, keys, owner),
    secrets: {
      open: (sealed: string, owner: SecretOwner) => openSecret(sealed, keys, owner),
      env: (name: string) => readSecretVariable(process.env, name),
    },
  };
}

/** What policies may use of the gateway. */
function policyServices(options: GatewayOptions, backends: Backends, metrics: GatewayMetrics): PolicyServices {
  const { logger, settings, instanceId: gatewayInstanceId } = options;
  const { answers, similarAnswers, sink } = backends;
  const now = (): number => Date.now();
  const network = new GuardedNetwork(new AddressGuard(settings.upstreamAllowRanges));
  const onFault = (uri: string, error: unknown) => logger.warn({ uri, err: error }, 'keys of tokens cannot be had');
  return {
    logger,
    now,
    random: Math.random,
    countIntervention: metrics.countIntervention.bind(metrics),
    answers,
    onCacheLookUp: (result: 'hit' | 'miss') => metrics.cacheLookUp(result),
    similarAnswers,
    onSemanticLookUp: metrics.semanticLookUp.bind(metrics),
    embedder: new Embeddings({ sink, metrics, gatewayInstanceId, now }),
    network,
    publicNetwork: new GuardedNetwork(new AddressGuard([])),
    keySets: new RemoteKeySets({ network, now: () => performance.now(), onFault }),
  };
}

/** What is known of providers and outlives configs. */
function createLongLived({ settings, circuitBreaker }: GatewayOptions) {
  const pools = new UpstreamPools(new AddressGuard(settings.upstreamAllowRanges));
  const breakers = new CircuitBreakerRegistry(circuitBreaker);
  const ratios = new TokenRatioRegistry();
  const loads = new TargetLoadRegistry();
  return {
    pools,
    poolsFor: pools.replace.bind(pools),
    breakersFor: breakers.replace.bind(breakers),
    ratiosFor: ratios.replace.bind(ratios),
    loadsFor: loads.replace.bind(loads),
  };
}

/** What is written to the log and kept from callers. */
function reports(logger: Logger) {
  const unroutable = new WeakSet<ApplicableLimit>();
  const hops = new TimedReports();
  return {
    /** At most once a minute for each proxy and provider. */
    onRefusedHop: (hop: RefusedHop) => {
      if (!hops.isDue(`${hop.proxy}/${hop.provider}`, performance.now())) return;
      const hint = "give the proxy a valid API key of the provider in the provider entry's auth";
      logger.warn({ ...hop, hint }, 'a provider refuses a proxy');
    },
    onFault: (error: unknown) => logger.error({ err: error }, 'a request failed'),
    onSettleFault: (error: unknown) => logger.warn({ err: error }, 'a settlement did not reach the limiter'),
    onReadFault: (error: unknown) => logger.debug({ err: error }, 'an account of a key could not be read'),
    /** Once for each limit of a config. */
    onUnroutable: (limit: ApplicableLimit, model: string) => {
      if (unroutable.has(limit)) return;
      unroutable.add(limit);
      logger.warn({ subject: limit.subject, limit: limit.id, model }, 'a limit routes to a model that cannot serve');
    },
  };
}

function readiness(gateway: Gateway): { status: number; body: object } {
  return gateway.isReady ? { status: 200, body: { status: 'ready' } } : { status: 503, body: { status: 'unready' } };
}
