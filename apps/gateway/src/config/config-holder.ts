import { type LoadedSnapshot, runGradually, type SnapshotRefusal } from '@penstock/config-sync';
import type { Redactor } from '@penstock/secrets';
import type { GatewayMetrics } from '../telemetry/gateway-metrics.ts';
import { compileSteps, type CompileServices, emptyConfig, type UnusableEntity } from './compile-config.ts';
import { CompileMemory } from './compile-memory.ts';
import type { CompiledConfig } from './compiled-config.ts';

export interface ConfigHolderServices {
  readonly compile: CompileServices;
  readonly metrics: GatewayMetrics;
  readonly redactor: Redactor;
  /** Epoch ms. */
  readonly now: () => number;
}

/** What came of a snapshot that is in force now. */
export interface AppliedConfig {
  readonly unusable: readonly UnusableEntity[];
  /** Milliseconds from the first step of compiling to the last; requests were served between them. */
  readonly compileMs: number;
}

/** The config in force. A new one is compiled off to the side and takes its place in one assignment, or not at all. */
export class ConfigHolder {
  readonly #services: ConfigHolderServices;
  readonly #memory = new CompileMemory();
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

  /** Compiles in small steps and applies. Rejects when the snapshot cannot be compiled; the config in force stays. One at a time. */
  async apply(loaded: LoadedSnapshot): Promise<AppliedConfig> {
    const { compile, metrics, redactor, now } = this.#services;
    const startedAt = performance.now();
    const { config, unusable, revealed } = await runGradually(compileSteps(loaded, compile, this.#memory));
    metrics.setLabelValues({
      routes: [...compile.proxyEndpoints, ...compile.systemEndpoints].map(({ path, versioned }) =>
        versioned ? `/v1${path}` : path,
      ),
      providers: [...config.providers.values()].map(({ name }) => name),
      proxies: config.proxies.filter(({ direct }) => !direct).map(({ name }) => name),
      models: new Set([...config.providers.values()].flatMap(({ modelIds }) => [...modelIds])),
    });
    metrics.configRevision.set(config.revision);
    const credentials = [...config.providers.values()].flatMap(({ auth }) => (auth ? [auth.value] : []));
    const shown = config.proxies.flatMap(({ hops }) => (hops ? [...hops.values()].map(({ value }) => value) : []));
    redactor.replaceAll([...revealed, ...credentials, ...shown]);
    this.#current = config;
    this.#appliedAt = now();
    this.#refusal = null;
    this.#quarantined = [...loaded.quarantined, ...unusable];
    return { unusable, compileMs: performance.now() - startedAt };
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
