import { ModelPriceManifest, type ModelPrice } from '@penstock/contracts';
import { z } from 'zod';
import { microUsdToUsd, usdToMicroUsd } from '../../../lib/format-cost.ts';
import { localDateTime } from '../../../lib/local-date-time.ts';

/** What the price form holds: dollars for a million tokens, null while a field is empty. */
export interface PriceDraft {
  readonly metadata: ModelPriceManifest['metadata'];
  readonly spec: {
    readonly provider: string;
    readonly model: string;
    readonly inputPerMillion: number | null;
    readonly outputPerMillion: number | null;
    readonly cachedInputPerMillion: number | null;
    readonly reasoningPerMillion: number | null;
    /** As a `datetime-local` input has it, in the viewer's time zone; empty for always. */
    readonly effectiveFrom: string;
  };
  /** The saved time, whose seconds no input shows. */
  readonly savedEffectiveFrom?: string | undefined;
}

/** An empty form. */
export const NEW_PRICE: PriceDraft = {
  metadata: { name: '', labels: {}, annotations: {} },
  spec: {
    provider: '',
    model: '',
    inputPerMillion: null,
    outputPerMillion: null,
    cachedInputPerMillion: null,
    reasoningPerMillion: null,
    effectiveFrom: '',
  },
};

/** The form of a saved price. */
export function draftOfPrice({ metadata, spec }: ModelPrice): PriceDraft {
  return {
    metadata,
    spec: {
      provider: spec.provider,
      model: spec.model,
      inputPerMillion: microUsdToUsd(spec.inputPerMillion),
      outputPerMillion: microUsdToUsd(spec.outputPerMillion),
      cachedInputPerMillion: dollarsOrNull(spec.cachedInputPerMillion),
      reasoningPerMillion: dollarsOrNull(spec.reasoningPerMillion),
      effectiveFrom: spec.effectiveFrom === undefined ? '' : localDateTime(new Date(spec.effectiveFrom)),
    },
    savedEffectiveFrom: spec.effectiveFrom,
  };
}

/** Checks a draft with the admin API's own schema and turns it into the document to send. */
export const priceSchema = z.custom<PriceDraft>().transform(manifestOf).pipe(ModelPriceManifest);

function manifestOf({ metadata, spec, savedEffectiveFrom }: PriceDraft): z.input<typeof ModelPriceManifest> {
  const { provider, model, cachedInputPerMillion, reasoningPerMillion, effectiveFrom } = spec;
  return {
    metadata,
    spec: {
      provider,
      model,
      inputPerMillion: requiredMicroUsd(spec.inputPerMillion),
      outputPerMillion: requiredMicroUsd(spec.outputPerMillion),
      ...(cachedInputPerMillion !== null && { cachedInputPerMillion: usdToMicroUsd(cachedInputPerMillion) }),
      ...(reasoningPerMillion !== null && { reasoningPerMillion: usdToMicroUsd(reasoningPerMillion) }),
      ...(effectiveFrom && { effectiveFrom: timeOf(effectiveFrom, savedEffectiveFrom) }),
    },
  };
}

/** The saved time as long as the input still shows it. */
function timeOf(typed: string, saved: string | undefined): string {
  return saved !== undefined && localDateTime(new Date(saved)) === typed ? saved : new Date(typed).toISOString();
}

function requiredMicroUsd(dollars: number | null): number {
  return dollars === null ? Number.NaN : usdToMicroUsd(dollars);
}

function dollarsOrNull(microUsd: number | undefined): number | null {
  return microUsd === undefined ? null : microUsdToUsd(microUsd);
}
