import { type PathOperation, PathTemplate, type ProviderPaths } from '@penstock/policies';
import type { ChainFinder } from '../policies/compile-policies.ts';
import type { PolicyChain } from '../policies/policy-chain.ts';

/** What a provider says of one of its operations. */
export interface ProviderPlace {
  /** Its access control lets it through. */
  readonly allowed: boolean;
  /** Its own policies; null: none. */
  readonly policies: PolicyChain | null;
  /** As the provider writes it, relative to its base URL. */
  readonly path: string;
}

/** Paths hold names of models, which callers of open providers make up. */
const MAX_REMEMBERED = 1000;

/** Access control and policies of a provider, by its own paths. Only providers that have either have rules. */
export class ProviderRules {
  readonly #allows: (operation: PathOperation) => boolean;
  readonly #policies: ChainFinder;
  readonly #paths: ProviderPaths;
  /** As they stand, and in lower case. */
  readonly #written: readonly (readonly [PathTemplate, PathTemplate])[];
  readonly #places = new Map<string, ProviderPlace>();
  readonly #upstreamPaths = new Map<string, string>();

  /** `written`: all paths at which its document says something. */
  constructor(
    allows: (operation: PathOperation) => boolean,
    policies: ChainFinder,
    { paths, written = [] }: { readonly paths: ProviderPaths; readonly written?: readonly string[] },
  ) {
    this.#allows = allows;
    this.#policies = policies;
    this.#paths = paths;
    this.#written = written.map((path) => [new PathTemplate(path), new PathTemplate(path.toLowerCase())]);
  }

  /** What it says of a path that is the provider's own; without a query. */
  at(method: string, path: string): ProviderPlace {
    const key = `${method} ${path}`;
    const known = this.#places.get(key);
    if (known) return known;
    const operation = { method, paths: this.#paths.spellings(path) };
    const allowed = this.#allows(operation);
    return remember(this.#places, key, { allowed, policies: allowed ? this.#policies(operation) : null, path });
  }

  /**
   * What it says of a request that is relayed: not remembered, since callers make up such paths. One that differs from a path of the
   * document by its case alone is not let through: some vendors would not see the difference.
   */
  ofRelay(method: string, path: string): ProviderPlace {
    const paths = this.#paths.spellings(path);
    const operation = { method, paths };
    const isMiscased = this.#written.some(([exact, folded]) =>
      paths.some((one) => folded.matches(one.toLowerCase()) && !exact.matches(one)),
    );
    const allowed = !isMiscased && this.#allows(operation);
    return { allowed, policies: allowed ? this.#policies(operation) : null, path };
  }

  /** The same of what is asked of the vendor. `name` stands for all calls with the same path, which `build` finds, with its query. */
  ofCall(name: string, build: () => string): ProviderPlace {
    const path = this.#upstreamPaths.get(name) ?? remember(this.#upstreamPaths, name, this.#paths.ownPath(build()));
    return this.at('POST', path);
  }

  /** The same of a request as it is sent. */
  ofRequest(method: string, path: string): ProviderPlace {
    return this.at(method, this.#paths.ownPath(path));
  }
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value): Value {
  if (map.size >= MAX_REMEMBERED) map.clear();
  map.set(key, value);
  return value;
}
