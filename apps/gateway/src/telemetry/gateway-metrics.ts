import { POLICY_CATALOGUE } from '@penstock/contracts';
import type { LimitStatus } from '@penstock/rate-limiting';
import { MetricsRegistry } from '@penstock/telemetry';
import type { PolicyIntervention, SemanticLookUp } from '../policies/policy-factory.ts';
import { type RequestLabels, RequestSeries } from './request-series.ts';
import { TokenSeries } from './token-series.ts';

/** Stands for the provider or proxy of a request that reached none. */
export const NONE = 'none';
/** Stands for the route of a request that matched none. */
export const UNMATCHED = 'unmatched';

/** Names that labels may have under a config. */
export interface LabelValues {
  readonly routes: Iterable<string>;
  readonly providers: Iterable<string>;
  readonly proxies: Iterable<string>;
  readonly models: Iterable<string>;
}

/** A provider whose tokens are counted; it remembers its series as long as the config holds. */
export interface MeteredProvider {
  readonly name: string;
  /** Models that are configured; empty when any is accepted. */
  readonly modelIds: ReadonlySet<string>;
  readonly tokenSeries: Map<string, TokenSeries>;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const KINDS = ['input', 'output', 'cached-input', 'reasoning'];
const UNITS = ['requests', 'tokens', 'input-tokens', 'output-tokens', 'cost', 'concurrency'];
/** The gateway's own work is counted in fractions of a millisecond. */
const OVERHEAD_BOUNDS_S = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

/** Has the registry before the fields of a class that extends it are made. */
class OwnRegistry {
  readonly registry: MetricsRegistry;

  constructor(options: { readonly processMetrics: boolean }) {
    this.registry = new MetricsRegistry(options);
  }
}

/** The only place that names metrics. Every label is bounded: whatever a caller sends, the number of series is fixed by the config. */
export class GatewayMetrics extends OwnRegistry {
  readonly #requests = this.registry.counter(
    'penstock_requests_total',
    'Requests answered, by route, method, status, provider and proxy.',
    ['route', 'method', 'status', 'provider', 'proxy'],
  );
  readonly #duration = this.registry.histogram(
    'penstock_request_duration_seconds',
    "From a request's head to the end of its answer.",
    ['route', 'provider', 'proxy'],
  );
  readonly #overhead = this.registry.histogram(
    'penstock_overhead_seconds',
    "The gateway's own share of a request's duration.",
    ['route'],
    OVERHEAD_BOUNDS_S,
  );
  readonly #firstToken = this.registry.histogram(
    'penstock_time_to_first_token_seconds',
    "From a request's head to the first content of a streamed answer.",
    ['route', 'provider'],
  );
  readonly inFlight = this.registry.gauge('penstock_inflight_requests', 'Requests in work.').with({});
  readonly #tokens = this.registry.counter('penstock_tokens_total', 'Tokens by provider, model and kind.', [
    'provider',
    'model',
    'kind',
  ]);
  readonly #cost = this.registry.counter('penstock_cost_micro_usd_total', 'Cost in millionths of a US dollar.', [
    'provider',
    'model',
  ]);
  readonly #rejections = this.registry.counter(
    'penstock_limit_rejections_total',
    'Requests refused by a limit, by its unit.',
    ['unit'],
  );
  readonly #shadowRejections = this.registry.counter(
    'penstock_limit_shadow_rejections_total',
    'Requests that a limit in shadow mode would have refused, by its unit.',
    ['unit'],
  );
  readonly #degradedAdmissions = this.registry.counter(
    'penstock_degraded_admissions_total',
    'Charges that were admitted without asking Redis, by the unit of the limit.',
    ['unit'],
  );
  readonly #unknownPrices = this.registry.counter(
    'penstock_unknown_price_requests_total',
    'Requests whose cost is unknown, since their model has no price.',
    ['provider'],
  );
  readonly #cacheLookUps = this.registry.counter(
    'penstock_response_cache_total',
    'Requests whose answer was looked for in the cache, by the result.',
    ['result'],
  );
  readonly #semanticLookUps = this.registry.counter(
    'penstock_semantic_cache_total',
    'Requests for whose meaning an answer was looked for, by the result.',
    ['result'],
  );
  readonly #interventions = this.registry.counter(
    'penstock_policy_interventions_total',
    'Requests and answers that a guardrail refused, or in mode monitor would have refused.',
    ['policy', 'direction', 'mode'],
  );
  readonly limiterDegraded = this.registry
    .gauge('penstock_limiter_degraded', '1 while limits are decided without Redis.', [], 'max')
    .with({});
  readonly #circuit = this.registry.gauge(
    'penstock_circuit_state',
    'Circuit breakers of a provider: 0 closed, 1 half-open, 2 open; the worst of its models.',
    ['provider'],
    'max',
  );
  readonly configRevision = this.registry
    .gauge('penstock_config_revision', 'Revision of the config in force.', [], 'min')
    .with({});
  readonly configStaleness = this.registry
    .gauge(
      'penstock_config_staleness_seconds',
      'Time since it was last certain that no newer config is published.',
      [],
      'max',
    )
    .with({});
  readonly usageSpooled = this.registry
    .gauge('penstock_usage_spool_events', 'Usage events that wait on the local spool.')
    .with({});
  readonly #usageDropped = this.registry
    .counter('penstock_usage_dropped_total', 'Usage events lost for want of space; must stay 0.')
    .with({});
  #countedDrops = 0;

  constructor(options: { readonly processMetrics: boolean }) {
    super(options);
    this.registry.setLabelValues('method', METHODS);
    this.registry.setLabelValues('kind', KINDS);
    this.registry.setLabelValues('unit', UNITS);
    this.registry.setLabelValues(
      'policy',
      POLICY_CATALOGUE.map(({ name }) => name),
    );
    this.registry.setLabelValues('direction', ['REQUEST', 'RESPONSE']);
    this.registry.setLabelValues('mode', ['block', 'monitor']);
    this.registry.setLabelValues('result', ['hit', 'miss', 'skipped', 'embedding-failed', 'store-failed']);
  }

  /** Called when a config is applied. */
  setLabelValues(values: LabelValues): void {
    this.registry.setLabelValues('route', [...values.routes, UNMATCHED]);
    this.registry.setLabelValues('provider', [...values.providers, NONE]);
    this.registry.setLabelValues('proxy', [...values.proxies, NONE]);
    this.registry.setLabelValues('model', values.models);
  }

  /** The series of a request; `memory` remembers them by provider as long as the config holds. */
  request(labels: RequestLabels, memory: Map<string, RequestSeries> | undefined): RequestSeries {
    let series = memory?.get(labels.provider);
    if (!series) {
      const { route, provider, proxy } = labels;
      series = new RequestSeries(labels, this.#requests, {
        duration: this.#duration.with({ route, provider, proxy }),
        overhead: this.#overhead.with({ route }),
        firstToken: this.#firstToken.with({ route, provider }),
      });
      memory?.set(provider, series);
    }
    return series;
  }

  /** `modelId`: the provider model's id; those that are not configured share the series `other`. */
  tokens(provider: MeteredProvider, modelId: string): TokenSeries {
    const model = provider.modelIds.has(modelId) ? modelId : 'other';
    let series = provider.tokenSeries.get(model);
    if (!series) {
      const { name } = provider;
      series = new TokenSeries(
        (kind) => this.#tokens.with({ provider: name, model, kind }),
        this.#cost.with({ provider: name, model }),
      );
      provider.tokenSeries.set(model, series);
    }
    return series;
  }

  rejected(unit: string): void {
    this.#rejections.with({ unit }).inc();
  }

  /** Of one decision: which limits would have refused if they were enforced. */
  countShadowRejections(statuses: readonly LimitStatus[]): void {
    for (const { exceeded, applicable } of statuses) {
      const { mode, unit } = applicable.limit;
      if (exceeded === true && mode === 'shadow') this.#shadowRejections.with({ unit }).inc();
    }
  }

  degradedAdmission(unit: string): void {
    this.#degradedAdmissions.with({ unit }).inc();
  }

  cacheLookUp(result: 'hit' | 'miss'): void {
    this.#cacheLookUps.with({ result }).inc();
  }

  semanticLookUp(result: SemanticLookUp): void {
    this.#semanticLookUps.with({ result }).inc();
  }

  countIntervention({ policy, direction, mode }: PolicyIntervention): void {
    this.#interventions.with({ policy, direction, mode }).inc();
  }

  countUnknownPrice(provider: string): void {
    this.#unknownPrices.with({ provider }).inc();
  }

  /** `total`: since the process began. */
  countDroppedUsage(total: number): void {
    this.#usageDropped.inc(total - this.#countedDrops);
    this.#countedDrops = total;
  }

  setCircuit(provider: string, state: 'closed' | 'half-open' | 'open'): void {
    this.#circuit.with({ provider }).set(state === 'open' ? 2 : state === 'half-open' ? 1 : 0);
  }
}
