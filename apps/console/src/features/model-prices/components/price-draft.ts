import { ModelPriceManifest, type ModelPrice } from '@penstock/contracts';
import { z } from 'zod';
import { localDateTime } from '../../../lib/local-date-time.ts';
import { nameFrom } from '../../../lib/name-from.ts';
import { amountsOf, draftOfAmounts, NO_AMOUNTS, type AmountDrafts } from './amount-drafts.ts';

/** Prices of requests with many input tokens. */
export interface TierDraft extends AmountDrafts {
  readonly aboveInputTokens: number | null;
}

/** What the price form holds: dollars for a million tokens, null while a field is empty. */
export interface PriceDraft {
  readonly metadata: ModelPriceManifest['metadata'];
  readonly spec: AmountDrafts & {
    readonly provider: string;
    readonly model: string;
    readonly tiers: readonly TierDraft[];
    /** As a `datetime-local` input has it, in the viewer's time zone; empty for always. */
    readonly effectiveFrom: string;
  };
  /** The saved time, whose seconds no input shows. */
  readonly savedEffectiveFrom?: string | undefined;
}

/** A tier to start from. */
export const NEW_TIER: TierDraft = { ...NO_AMOUNTS, aboveInputTokens: null };

/** An empty form. */
export const NEW_PRICE: PriceDraft = {
  metadata: { name: '', labels: {}, annotations: {} },
  spec: { ...NO_AMOUNTS, provider: '', model: '', tiers: [], effectiveFrom: '' },
};

/** An empty form for a model of a provider; empty texts leave them open. */
export function newPriceOf(provider: string, model: string): PriceDraft {
  const name = nameFrom(`${provider} ${model}`);
  return { metadata: { ...NEW_PRICE.metadata, name }, spec: { ...NEW_PRICE.spec, provider, model } };
}

/** The form of a saved price. */
export function draftOfPrice({ metadata, spec }: ModelPrice): PriceDraft {
  const { provider, model, effectiveFrom, tiers = [] } = spec;
  return {
    metadata,
    spec: {
      ...draftOfAmounts(spec),
      provider,
      model,
      tiers: tiers.map((tier) => ({ ...draftOfAmounts(tier), aboveInputTokens: tier.aboveInputTokens })),
      effectiveFrom: effectiveFrom === undefined ? '' : localDateTime(new Date(effectiveFrom)),
    },
    savedEffectiveFrom: effectiveFrom,
  };
}

/** Checks a draft with the admin API's own schema and turns it into the document to send. */
export const priceSchema = z.custom<PriceDraft>().transform(manifestOf).pipe(ModelPriceManifest);

function manifestOf({ metadata, spec, savedEffectiveFrom }: PriceDraft): z.input<typeof ModelPriceManifest> {
  const { provider, model, effectiveFrom, tiers } = spec;
  return {
    metadata,
    spec: {
      provider,
      model,
      ...amountsOf(spec),
      ...(tiers.length > 0 && { tiers: tiers.map(tierOf) }),
      ...(effectiveFrom && { effectiveFrom: timeOf(effectiveFrom, savedEffectiveFrom) }),
    },
  };
}

function tierOf({ aboveInputTokens, ...amounts }: TierDraft) {
  return { aboveInputTokens: aboveInputTokens ?? Number.NaN, ...amountsOf(amounts) };
}

/** The saved time as long as the input still shows it. */
function timeOf(typed: string, saved: string | undefined): string {
  return saved !== undefined && localDateTime(new Date(saved)) === typed ? saved : new Date(typed).toISOString();
}
