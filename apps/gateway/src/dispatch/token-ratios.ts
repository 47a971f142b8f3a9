import { TokenRatio } from '@penstock/usage';

/** Providers that accept any model are asked for names that callers make up. */
const MAX_MODELS = 1000;

/** How many bytes a token has, for each model of one provider. */
export class TokenRatios {
  readonly #byModel = new Map<string, TokenRatio>();

  of(modelId: string): TokenRatio {
    let ratio = this.#byModel.get(modelId);
    if (!ratio) {
      if (this.#byModel.size >= MAX_MODELS) this.#byModel.clear();
      this.#byModel.set(modelId, (ratio = new TokenRatio()));
    }
    return ratio;
  }
}

/** What was learned of each provider's models; it outlives configs. */
export class TokenRatioRegistry {
  #byProvider: ReadonlyMap<string, TokenRatios> = new Map();

  /** Keeps those of the given providers, makes new ones where there are none, and forgets the rest. */
  replace(providerIds: ReadonlySet<string>): ReadonlyMap<string, TokenRatios> {
    this.#byProvider = new Map([...providerIds].map((id) => [id, this.#byProvider.get(id) ?? new TokenRatios()]));
    return this.#byProvider;
  }
}
