import type { LoadedSnapshot, SnapshotSource } from '@penstock/config-sync';

/** One snapshot that never changes, such as that of a gateway without a control plane. */
export class StaticSnapshotSource implements SnapshotSource {
  readonly #loaded: LoadedSnapshot;
  readonly #apply: (loaded: LoadedSnapshot) => void | Promise<void>;

  constructor(loaded: LoadedSnapshot, apply: (loaded: LoadedSnapshot) => void | Promise<void>) {
    this.#loaded = loaded;
    this.#apply = apply;
  }

  current(): LoadedSnapshot {
    return this.#loaded;
  }

  stalenessMs(): number {
    return 0;
  }

  async start(): Promise<void> {
    await this.#apply(this.#loaded);
  }
}
