import type { ExplainedTarget, LlmProxySpec } from '@penstock/contracts';
import type { ProxyRoutes } from '@penstock/routing';

/** A proxy as its document says it, with what gateways are not told of. */
export class WrittenProxy {
  readonly #models: LlmProxySpec['models'];
  readonly #providerNames: ReadonlyMap<string, string>;
  readonly #deployed: ReadonlySet<string>;

  /** `providerNames`: names of the providers by alias. `deployed`: the aliases of those that gateways know. */
  constructor(
    models: LlmProxySpec['models'],
    providerNames: ReadonlyMap<string, string>,
    deployed: ReadonlySet<string>,
  ) {
    this.#models = models;
    this.#providerNames = providerNames;
    this.#deployed = deployed;
  }

  /** The targets of a model of the proxy that gateways leave out, and why. */
  unreachable(asked: string, routes: ProxyRoutes): readonly ExplainedTarget[] {
    const targets = this.#models.find(({ name }) => name === asked)?.targets ?? [];
    return targets.flatMap(({ provider: alias, model, weight, priority }) => {
      const leftOut = this.#whyLeftOut(alias, model, routes);
      if (leftOut === null) return [];
      const provider = this.#providerNames.get(alias) ?? alias;
      const nothing = { upstreamModel: null, share: null, dialect: null, translated: null, price: null };
      return { provider, alias, model, weight, priority, leftOut, ...nothing };
    });
  }

  #whyLeftOut(alias: string, model: string, routes: ProxyRoutes): string | null {
    const known = this.#providerNames.get(alias) ?? alias;
    if (!this.#deployed.has(alias)) return `its provider '${known}' is undeployed`;
    const served = routes.providersByAlias.get(alias)?.models;
    return served && !served.has(model) ? `its provider '${known}' does not list the model '${model}'` : null;
  }
}
