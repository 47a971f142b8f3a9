import { GatewayError } from '@penstock/contracts';
import type { CompiledProxy } from '../config/compiled-config.ts';
import type { PolicyChain } from '../policies/policy-chain.ts';
import type { RequestSeries } from '../telemetry/request-series.ts';
import type { Endpoint, EndpointDefinition } from '../endpoints/endpoint.ts';

/** One method of one path. */
export interface Route {
  /** Bounded: the path as the table knows it, without context and parameters. */
  readonly template: string;
  readonly method: string;
  readonly endpoint: Endpoint;
  /** Null for what belongs to the process itself. */
  readonly proxy: CompiledProxy | null;
  /** Null: none. */
  readonly policies: PolicyChain | null;
  /** Its metrics by provider, filled as they are needed; null before the first request. */
  series: Map<string, RequestSeries> | null;
}

/** A route and the value of its parameter, decoded; '' when it has none. */
export interface RouteMatch {
  readonly route: Route;
  readonly parameter: string;
}

/** The routes of a path, one for each method: few, and of a thousand proxies many. Never changed, since tables have them in common. */
type Methods = readonly Route[];

/** Of a context. */
const MAX_CONTEXT_LENGTH = 200;
const DOT_SEGMENT = /(?:^|\/)\.{1,2}(?:\/|;|$)|%2e|%2f|%5c|\\|;/i;

/**
 * Every path that is served, exactly as it stands in the request: paths are looked up, never parsed, so no two readers can
 * disagree about them. A path that ends with a parameter is found by what precedes it.
 */
export class RouteTable {
  readonly #exact = new Map<string, Methods>();
  readonly #withParameter = new Map<string, Methods>();
  /** By what stands before and behind a parameter that is a segment of its own amid the path. */
  readonly #around = new Map<string, Methods>();
  /** What stands under contexts beside all that. */
  readonly #contexts = new Map<string, Methods>();
  #relays = false;
  readonly #parameterMarker: string;

  /** `parameterMarker`: the segment after which a parameter may follow, such as `/models/`. */
  constructor(parameterMarker: string) {
    this.#parameterMarker = parameterMarker;
  }

  /** Adds an endpoint under a context (`''` for the root). A later one replaces an earlier one at the same path. */
  add(
    context: string,
    definition: EndpointDefinition,
    proxy: CompiledProxy | null,
    policies: PolicyChain | null = null,
  ): void {
    const { path, versioned, method, endpoint } = definition;
    const template = versioned ? `/v1${path}` : path;
    const route: Route = { template, method, endpoint, proxy, policies, series: null };
    for (const suffix of versioned ? [`/v1${path}`, path] : [path]) this.#set(context + suffix, route);
  }

  /** Adds all that is in another table, which stays as it is. Where both have a method of a path, this one gets the other's. */
  include(other: RouteTable): void {
    merge(this.#exact, other.#exact);
    merge(this.#withParameter, other.#withParameter);
    merge(this.#around, other.#around);
    for (const [context, routes] of other.#contexts) this.#contexts.set(context, routes);
    this.#relays ||= other.#relays;
  }

  /** Throws GatewayError: not_found, method_not_allowed (with the methods in `cause.allow`), invalid_request. */
  match(method: string, path: string): RouteMatch {
    const match = this.lookUp(method, path);
    if (!match) throw unknownPath(path);
    return match;
  }

  /** The same; null where nothing stands at the path. Throws GatewayError: method_not_allowed, invalid_request. */
  lookUp(method: string, path: string): RouteMatch | null {
    const exact = this.#exact.get(path);
    if (exact) return { route: choose(exact, method), parameter: '' };
    const marker = path.indexOf(this.#parameterMarker);
    const prefix = marker < 0 ? '' : path.slice(0, marker + this.#parameterMarker.length);
    const methods = this.#withParameter.get(prefix);
    if (!methods || path.length === prefix.length) return this.#matchAround(method, path);
    return { route: choose(methods, method), parameter: decode(path.slice(prefix.length)) };
  }

  /** Says what becomes of all other paths under a context (`''` for the root): a route for each method; none: nothing is there. */
  addContext(context: string, routes: readonly Omit<Route, 'series'>[]): void {
    if (routes.length > 0) this.#relays = true;
    this.#contexts.set(
      context,
      routes.map((route) => ({ ...route, series: null })),
    );
  }

  /**
   * The context under which a path stands where nothing else does, the longest one, and its route; null: there is no such context. Throws
   * GatewayError: method_not_allowed, and not_found where the path is one of the table's own but for its case.
   */
  relayAt(method: string, path: string): RouteMatch | null {
    if (!this.#relays) return null;
    for (
      let end = path.lastIndexOf('/', MAX_CONTEXT_LENGTH);
      end >= 0;
      end = end === 0 ? -1 : path.lastIndexOf('/', end - 1)
    ) {
      const methods = this.#contexts.get(path.slice(0, end));
      if (!methods) continue;
      if (methods.length === 0 || this.knows(path.slice(0, end) + path.slice(end).toLowerCase()))
        throw unknownPath(path);
      return { route: choose(methods, method), parameter: '' };
    }
    return null;
  }

  #matchAround(method: string, path: string): RouteMatch | null {
    const around = this.#around.size === 0 ? null : splitAround(path);
    const methods = around && this.#around.get(around.key);
    if (!methods) return null;
    return { route: choose(methods, method), parameter: decode(around.parameter) };
  }

  /** Whether anything stands at a path. */
  knows(path: string): boolean {
    if (this.#exact.has(path)) return true;
    const marker = path.indexOf(this.#parameterMarker);
    const prefix = marker < 0 ? '' : path.slice(0, marker + this.#parameterMarker.length);
    if (this.#withParameter.has(prefix) && path.length > prefix.length) return true;
    return this.#around.size > 0 && this.#around.has(splitAround(path)?.key ?? '');
  }

  #set(path: string, route: Route): void {
    const parameter = path.indexOf('{');
    const around = parameter < 0 || path.endsWith('}') ? null : splitAround(path);
    const table = around ? this.#around : parameter < 0 ? this.#exact : this.#withParameter;
    const key = around ? around.key : parameter < 0 ? path : path.slice(0, parameter);
    table.set(key, withRoutes(table.get(key), [route]));
  }
}

/** A route of which something is different, and which has its metrics in common with it. */
export function routeWith(route: Route, changes: Partial<Route>): Route {
  route.series ??= new Map();
  return { ...route, ...changes };
}

/** A method that a path does not have; `allow` is for the Allow header. */
export class MethodNotAllowedError extends GatewayError {
  readonly allow: string;

  constructor(allow: string) {
    super('method_not_allowed', `This path allows ${allow} only.`);
    this.allow = allow;
  }
}

function merge(into: Map<string, Methods>, from: ReadonlyMap<string, Methods>): void {
  for (const [key, methods] of from) into.set(key, withRoutes(into.get(key), methods));
}

function withRoutes(own: Methods | undefined, others: Methods): Methods {
  if (!own) return others;
  return [...own.filter(({ method }) => !others.some((other) => other.method === method)), ...others];
}

function choose(methods: Methods, method: string): Route {
  for (const route of methods) if (route.method === method) return route;
  throw new MethodNotAllowedError(methods.map((route) => route.method).join(', '));
}

/** The segments after which a parameter may stand amid a path: of Azure, and of Bedrock. */
const AROUND_MARKERS = ['/openai/deployments/', '/model/'] as const;

/** A path without its parameter, and the parameter; null where it has none. */
function splitAround(path: string): { readonly key: string; readonly parameter: string } | null {
  for (const marker of AROUND_MARKERS) {
    const found = path.indexOf(marker);
    const start = found + marker.length;
    const end = found < 0 ? -1 : path.indexOf('/', start);
    if (end > start) return { key: `${path.slice(0, start)}*${path.slice(end)}`, parameter: path.slice(start, end) };
  }
  return null;
}

function decode(parameter: string): string {
  try {
    return decodeURIComponent(parameter);
  } catch {
    throw new GatewayError('invalid_request', 'The path is not percent-encoded correctly.');
  }
}

/** The error for a path at which nothing stands. */
export function unknownPath(path: string): GatewayError {
  if (DOT_SEGMENT.test(path)) return new GatewayError('invalid_request', 'The path is not in its normal form.');
  return new GatewayError('not_found', 'There is nothing at this path.');
}
