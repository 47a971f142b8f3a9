import { TargetLoad } from './target-load.ts';

/** More models than this of one provider share a load: callers of an open provider choose the names. */
const MAX_MODELS = 1000;
const SHARED = '\u0000shared';

/** The loads of one provider, one for each model. They outlive snapshots, as requests do. */
export class TargetLoads {
  readonly #byModel = new Map<string, TargetLoad>();

  of(modelId: string): TargetLoad {
    const present = this.#byModel.get(modelId);
    if (present) return present;
    const name = this.#byModel.size < MAX_MODELS ? modelId : SHARED;
    let load = this.#byModel.get(name);
    if (!load) this.#byModel.set(name, (load = new TargetLoad()));
    return load;
  }
}

/** The loads of all providers of a snapshot; those of a provider survive a new config. */
export class TargetLoadRegistry {
  #byProvider: ReadonlyMap<string, TargetLoads> = new Map();

  /** The loads of these providers; those of others are forgotten. */
  replace(providerIds: ReadonlySet<string>): ReadonlyMap<string, TargetLoads> {
    this.#byProvider = new Map([...providerIds].map((id) => [id, this.#byProvider.get(id) ?? new TargetLoads()]));
    return this.#byProvider;
  }
}
