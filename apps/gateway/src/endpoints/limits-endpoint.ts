import { isLedgerLimit, type Limit } from '@penstock/contracts';
import { type LimitReading, resetsAtMs } from '@penstock/rate-limiting';
import type { RouteProvider } from '@penstock/routing';
import type {
  CompiledConfig,
  CompiledKey,
  CompiledLimit,
  CompiledProvider,
  CompiledProxy,
} from '../config/compiled-config.ts';
import type { RequestContext } from '../http/request-context.ts';
import type { Endpoint } from './endpoint.ts';
import { answerJson, ask, beginReading, type KeyReadingServices } from './key-reading.ts';
import type { KeyThrottle } from './key-throttle.ts';

/** More than a key meets; a provider with a quota on each of its models has many. */
const MAX_LIMITS = 500;

/** `GET /v1/limits`: every limit that a request of this key can meet at this proxy, and how much of it is used. */
export class LimitsEndpoint implements Endpoint {
  readonly #services: KeyReadingServices;
  readonly #throttle: KeyThrottle;

  constructor(services: KeyReadingServices, throttle: KeyThrottle) {
    this.#services = services;
    this.#throttle = throttle;
  }

  async handle(context: RequestContext): Promise<void> {
    const services = this.#services;
    const { key, proxy, accounts } = beginReading(context, services, this.#throttle);
    const limits = limitsMetBy(key, proxy, context.config);
    const shown = limits.slice(0, MAX_LIMITS);
    const readings = await ask(context, accounts.readLimits(shown.map(({ applicable }) => applicable)), services);
    const nowMs = services.now();
    const data = readings.flatMap((reading, index) => {
      const limit = shown[index];
      return limit ? [limitView(limit, reading, nowMs)] : [];
    });
    answerJson(context, { object: 'list', data, ...(limits.length > MAX_LIMITS && { has_more: true }) });
  }
}

function limitsMetBy(key: CompiledKey, proxy: CompiledProxy, config: CompiledConfig): readonly CompiledLimit[] {
  const ofProviders = proxy.routes.providers.flatMap((route) => {
    const provider = config.providers.get(route.providerId);
    return provider ? limitsAt(provider, route, { key, proxy }) : [];
  });
  // A model's limits come with those of its provider, which are met once.
  return [...new Set([...key.limits, ...proxy.limits, ...ofProviders])];
}

function limitsAt(
  provider: CompiledProvider,
  { alias, models }: RouteProvider,
  { key, proxy }: { readonly key: CompiledKey; readonly proxy: CompiledProxy },
): readonly CompiledLimit[] {
  const reached = [...provider.modelLimits].filter(
    ([modelId]) => models?.has(modelId) !== false && mayReach(key, proxy, alias, modelId),
  );
  return [...provider.limits.limits, ...reached.flatMap(([, { limits }]) => limits)];
}

/** By the model's own name, with its provider's before it, or by a name of the proxy that leads to it. */
function mayReach(key: CompiledKey, proxy: CompiledProxy, alias: string, modelId: string): boolean {
  if (key.allowsModel(modelId) || key.allowsModel(`${alias}/${modelId}`)) return true;
  for (const [name, targets] of proxy.routes.models) {
    if (!key.allowsModel(name)) continue;
    if (targets.some(({ target }) => target.alias === alias && target.modelId === modelId)) return true;
  }
  return false;
}

/** What gateways have set aside for a loss of Redis is nobody's spending: to the holder of a key it is left. */
function remainingOf(limit: Limit, { used, remaining }: LimitReading): number {
  return isLedgerLimit(limit) ? Math.max(0, limit.max - used) : remaining;
}

function limitView({ applicable, kind, name }: CompiledLimit, reading: LimitReading, nowMs: number): object {
  const { quota, limit } = applicable;
  return {
    subject: kind,
    name,
    quota,
    unit: limit.unit,
    window: limit.window ?? null,
    alignment: isLedgerLimit(limit) ? (limit.alignment ?? 'calendar') : null,
    mode: limit.mode,
    max: limit.max,
    used: reading.used,
    remaining: remainingOf(limit, reading),
    // What is held by requests that run comes back as they end.
    resets_at:
      limit.unit === 'concurrency' ? null : new Date(resetsAtMs(limit, nowMs, reading.resetAfterMs)).toISOString(),
  };
}
