import type { Dialect, ModelProfile, SnapshotProvider } from '@penstock/contracts';
import { matchModelProfile, resolveModelProfile } from '@penstock/dialects';

/** Providers that accept any model are asked for names that callers make up. */
const MAX_REMEMBERED = 1000;

/** What the models of one provider can do: defaults of the dialect, then the template's, then the provider's own. */
export class ModelProfiles {
  readonly #provider: SnapshotProvider;
  readonly #byModel = new Map<string, ModelProfile>();

  constructor(provider: SnapshotProvider) {
    this.#provider = provider;
  }

  /** `dialect`: the one in which the model is asked, where it is not its usual one. */
  of(modelId: string, upstreamModel: string, dialect?: Dialect): ModelProfile {
    const key = `${dialect ?? ''}\n${modelId}\n${upstreamModel}`;
    const known = this.#byModel.get(key);
    if (known) return known;
    const profile = this.#resolve(modelId, upstreamModel, dialect);
    if (this.#byModel.size >= MAX_REMEMBERED) this.#byModel.clear();
    this.#byModel.set(key, profile);
    return profile;
  }

  #resolve(modelId: string, upstreamModel: string, asked: Dialect | undefined): ModelProfile {
    const provider = this.#provider;
    const matched = matchModelProfile(provider.modelProfiles, upstreamModel) ?? {};
    const own = provider.models?.find(({ id }) => id === modelId)?.profile ?? {};
    const usual = own.chatDialect ?? matched.chatDialect ?? provider.profile.chatDialect ?? provider.dialect;
    return resolveModelProfile(asked ?? usual, provider.profile, matched, own);
  }
}
