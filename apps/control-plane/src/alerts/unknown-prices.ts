import type { UsageEvent } from '@penstock/contracts';
import type { PrismaClient } from '../prisma/generated/client.ts';
import { fireAlert } from './fire-alert.ts';

/** A model that was used without a price. */
interface UnpricedModel {
  readonly organizationId: string;
  readonly providerId: string;
  readonly providerName: string;
  readonly model: string;
  /** UTC day of the request, `2026-01-31`. */
  readonly day: string;
}

type PricedEvent = Pick<
  UsageEvent,
  | 'organizationId'
  | 'providerId'
  | 'providerName'
  | 'modelId'
  | 'upstreamModel'
  | 'occurredAt'
  | 'costMicroUsd'
  | 'usageSource'
>;

const MAX_KEPT = 1_000;
const LOOK_BACK_MS = 3_600_000;

/**
 * Tells of models that were used and whose price is unknown, once a day for each. What a worker has committed is noted; what
 * another one may have committed before it died is looked up at the start.
 */
export class UnknownPriceAlerts {
  readonly #client: PrismaClient;
  readonly #now: () => number;
  readonly #noted = new Map<string, UnpricedModel>();
  #lookedBack = false;
  readonly #told = new Set<string>();

  constructor(client: PrismaClient, now: () => number) {
    this.#client = client;
    this.#now = now;
  }

  note(events: readonly PricedEvent[]): void {
    for (const event of events) {
      const model = unpricedModel(event);
      if (model && this.#noted.size < MAX_KEPT && !this.#told.has(keyOf(model))) this.#noted.set(keyOf(model), model);
    }
  }

  async run(): Promise<void> {
    if (!this.#lookedBack) {
      for (const model of await this.#recent()) this.#noted.set(keyOf(model), model);
      this.#lookedBack = true;
    }
    for (const [key, model] of this.#noted) {
      await fireAlert(this.#client, {
        organizationId: model.organizationId,
        kind: 'unknown-price',
        occurrence: key,
        subject: `LlmProvider ${model.providerName}`,
        title: `Model ${model.model} of LlmProvider ${model.providerName} has no price: what it costs is not known`,
        firedAt: new Date(this.#now()),
      });
      this.#noted.delete(key);
      if (this.#told.size >= MAX_KEPT) this.#told.clear();
      this.#told.add(key);
    }
  }

  async #recent(): Promise<UnpricedModel[]> {
    const since = new Date(this.#now() - LOOK_BACK_MS);
    return this.#client.$queryRaw<UnpricedModel[]>`
      SELECT DISTINCT organization_id AS "organizationId", provider_id AS "providerId",
        coalesce(provider_name, '') AS "providerName", coalesce(model_id, upstream_model, '') AS model, day::text AS day
      FROM usage_event
      WHERE day >= ${since}::date AND occurred_at >= ${since} AND cost_micro_usd IS NULL AND usage_source <> 'none'
        AND provider_id IS NOT NULL
      LIMIT ${MAX_KEPT}`;
  }
}

function unpricedModel(event: PricedEvent): UnpricedModel | undefined {
  const { organizationId, providerId, providerName, modelId, upstreamModel, occurredAt } = event;
  if (event.costMicroUsd !== null || event.usageSource === 'none' || providerId === null) return undefined;
  const model = modelId ?? upstreamModel ?? '';
  return { organizationId, providerId, providerName: providerName ?? '', model, day: occurredAt.slice(0, 10) };
}

function keyOf({ organizationId, providerId, model, day }: UnpricedModel): string {
  return `${organizationId}/${providerId}/${model}/${day}`;
}
