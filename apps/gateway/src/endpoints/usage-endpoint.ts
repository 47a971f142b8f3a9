import type { KeyUsage, KeyUsageWindow } from '@penstock/contracts';
import type { RequestContext } from '../http/request-context.ts';
import type { Endpoint } from './endpoint.ts';
import { answerJson, ask, beginReading, type KeyReadingServices } from './key-reading.ts';
import type { KeyThrottle } from './key-throttle.ts';
import { currentWindow } from './usage-window.ts';

const NOTHING: Omit<KeyUsageWindow, 'from' | 'to'> = {
  requests: 0,
  errors: 0,
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
  costMicroUsd: 0,
  unknownCostRequests: 0,
};

/** `GET /v1/usage`: what this key has used today and this month, as the worker last summed it up. */
export class UsageEndpoint implements Endpoint {
  readonly #services: KeyReadingServices;
  readonly #throttle: KeyThrottle;

  constructor(services: KeyReadingServices, throttle: KeyThrottle) {
    this.#services = services;
    this.#throttle = throttle;
  }

  async handle(context: RequestContext): Promise<void> {
    const services = this.#services;
    const { key, accounts } = beginReading(context, services, this.#throttle);
    const stored = await ask(context, accounts.readUsage(key.id), services);
    const timeZone = context.config.organizations.get(key.organizationId)?.timeZone ?? stored?.timeZone ?? 'UTC';
    answerJson(context, usageView(key.name, stored, { timeZone, nowMs: services.now() }));
  }
}

function usageView(
  key: string,
  stored: KeyUsage | null,
  { timeZone, nowMs }: { readonly timeZone: string; readonly nowMs: number },
): object {
  const window = (name: 'today' | 'month'): object => {
    const current = currentWindow(name === 'today' ? 'day' : 'month', timeZone, nowMs);
    const sums = stored?.[name];
    const isCurrent = sums !== undefined && Date.parse(sums.from) <= nowMs && nowMs < Date.parse(sums.to);
    return windowView(isCurrent ? sums : { ...NOTHING, ...current });
  };
  return {
    object: 'usage',
    key,
    updated_at: stored?.updatedAt ?? null,
    time_zone: timeZone,
    today: window('today'),
    month: window('month'),
  };
}

function windowView(sums: KeyUsageWindow): object {
  return {
    from: sums.from,
    to: sums.to,
    requests: sums.requests,
    errors: sums.errors,
    input_tokens: sums.inputTokens,
    output_tokens: sums.outputTokens,
    cached_input_tokens: sums.cachedInputTokens,
    cache_write_tokens: sums.cacheWriteTokens,
    reasoning_tokens: sums.reasoningTokens,
    cost_micro_usd: sums.costMicroUsd,
    unknown_cost_requests: sums.unknownCostRequests,
  };
}
