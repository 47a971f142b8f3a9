import type { LoadedSnapshot, SnapshotRefusal } from '@penstock/config-sync';
import type { Redactor } from '@penstock/secrets';
import type { GatewayMetrics } from '../telemetry/gateway-metrics.ts';
import { compileConfig, type CompileServices, emptyConfig, type UnusableEntity } from './compile-config.ts';
import type { CompiledConfig } from './compiled-config.ts';

export interface ConfigHolderServices {
  readonly compile: CompileServices;
  readonly metrics: GatewayMetrics;
  readonly redactor: Redactor;
  /** Epoch ms. */
  readonly now: () => number;
}

/** The config in force. A new one is compiled off to the side and takes its place in one assignment, or not at all. */
export class ConfigHolder {
  readonly #services: ConfigHolderServices;
  #current: CompiledConfig;
  #appliedAt: number | null = null;
  #refusal: SnapshotRefusal | null = null;
  #quarantined: LoadedSnapshot['quarantined'] = [];

  constructor(services: ConfigHolderServices) {
    this.#services = services;
    this.#current = emptyConfig(services.compile.systemEndpoints);
  }

  get current(): CompiledConfig {
    return this.#current;
  }

  /** Epoch ms; null before the first config. */
  get appliedAt(): number | null {
    return this.#appliedAt;
  }

  /** Why the newest snapshot is not in force; null when it is. */
  get refusal(): SnapshotRefusal | null {
    return this.#refusal;
  }

  get quarantined(): LoadedSnapshot['quarantined'] {
    return this.#quarantined;
  }

  /** Compiles and applies. Throws when the snapshot cannot be compiled; the config in force stays. */
  apply(loaded: LoadedSnapshot): readonly UnusableEntity[] {
    const { compile, metrics, redactor, now } = this.#services;
    const { config, unusable } = compileConfig(loaded.snapshot, loaded.checksum, compile);
    metrics.setLabelValues({
      routes: [...compile.proxyEndpoints, ...compile.systemEndpoints].map(({ path, versioned }) =>
        versioned ? `/v1${path}` : path,
      ),
      providers: [...config.providers.values()].map(({ name }) => name),
      proxies: config.proxies.map(({ name }) => name),
      models: new Set([...config.providers.values()].flatMap(({ modelIds }) => [...modelIds])),
    });
    metrics.configRevision.set(config.revision);
    redactor.replaceAll([...config.providers.values()].flatMap(({ auth }) => (auth ? [auth.value] : [])));
    this.#current = config;
    this.#appliedAt = now();
    this.#refusal = null;
    this.#quarantined = [...loaded.quarantined, ...unusable];
    return unusable;
  }

  refuse(refusal: SnapshotRefusal): void {
    this.#refusal = refusal;
  }

  /** Whether a request could be served: there is a config, and a target whose circuit is not open. */
  isUsable(now: number): boolean {
    return this.#current.proxies.some(({ routes }) =>
      routes.providers.some(({ providerId }) => {
        const provider = this.#current.providers.get(providerId);
        return provider !== undefined && provider.breakers.isUsable(now);
      }),
    );
  }
}
