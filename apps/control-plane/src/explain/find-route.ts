import {
  type ExplainedError,
  type ExplainedOperation,
  type ExplainedProxy,
  type ExplainRequest,
  GatewayError,
  type SnapshotProvider,
  type SnapshotProxy,
} from '@penstock/contracts';
import { PROXY_OPERATIONS, type ProxyOperation } from '@penstock/providers';
import type { ReachedEntry } from './reached-entries.ts';
import { explainedError } from './explained-error.ts';

/** Where a request arrives. */
export interface FoundRoute {
  readonly proxy: SnapshotProxy;
  /** The provider that is called without a proxy; null: an ordinary proxy. */
  readonly direct: SnapshotProvider | null;
  readonly told: ExplainedProxy;
  readonly operation: ExplainedOperation;
  /** Null: the gateway answers by itself. */
  readonly asked: ProxyOperation | null;
  /** How the path may be written in a policy: with the version and without. */
  readonly paths: readonly string[];
  /** Without the context. */
  readonly sentPath: string;
  /** What stands behind `/models/`; '' where there is nothing. */
  readonly parameter: string;
}

/** What stands at a path under the context of every proxy. */
interface Place {
  readonly method: string;
  readonly path: string;
  readonly versioned: boolean;
  readonly asked: ProxyOperation | null;
}

const read = (path: string): Place => ({ method: 'GET', path, versioned: true, asked: null });

const PLACES: readonly Place[] = [
  ...PROXY_OPERATIONS.map((asked) => ({ method: 'POST', path: asked.path, versioned: asked.versioned, asked })),
  ...['/models', '/models/{id}', '/limits', '/usage'].map(read),
];

/** Finds the proxy and the operation of a path: where several contexts are its beginning, the longest one that has something there. */
export function findRoute(
  byHost: readonly (readonly ReachedEntry[])[],
  { method, path: sent }: Pick<ExplainRequest, 'method' | 'path'>,
): FoundRoute | ExplainedError {
  const path = sent.split('?', 1)[0] ?? sent;
  const methods = new Set<string>();
  for (const entries of byHost) {
    const owners = entries
      .filter(({ proxy }) => isBelow(proxy.context, path))
      .toSorted((left, right) => right.proxy.context.length - left.proxy.context.length);
    for (const { entry, ...found } of owners.flatMap((owner) => placesAt(owner, path))) {
      if (found.place.method === method) return foundRoute(entry, owners, found);
      methods.add(found.place.method);
    }
    // A host that has something at the path decides, whatever its methods are.
    if (methods.size > 0) break;
  }
  if (methods.size === 0) return explainedError(new GatewayError('not_found', 'There is nothing at this path.'));
  const allowed = [...methods].join(', ');
  return explainedError(new GatewayError('method_not_allowed', `This path allows ${allowed} only.`));
}

interface FoundPlace {
  readonly entry: ReachedEntry;
  readonly place: Place;
  readonly parameter: string;
  readonly sentPath: string;
}

/** What of an entry stands at a path, whatever its method. */
function placesAt(entry: ReachedEntry, path: string): readonly FoundPlace[] {
  const sentPath = path.slice(prefixOf(entry.proxy.context).length);
  return PLACES.flatMap((place): FoundPlace[] => {
    const parameter = parameterAt(place, sentPath);
    return parameter === null ? [] : [{ entry, place, parameter, sentPath }];
  });
}

function foundRoute(
  { proxy, direct }: ReachedEntry,
  owners: readonly ReachedEntry[],
  { place, parameter, sentPath }: Omit<FoundPlace, 'entry'>,
): FoundRoute {
  const { name, context } = proxy;
  const { path, versioned, asked } = place;
  const others = owners
    .filter((other) => other.proxy !== proxy)
    .map((other) => ({ name: other.proxy.name, context: other.proxy.context }));
  const whose = direct ? ', and that of the provider itself: no proxy is between' : '';
  const why = `'${context}' is the ${others.length > 0 ? 'longest ' : 'only '}context with something at this path${whose}`;
  return {
    proxy,
    direct,
    sentPath,
    told: { name, context, why, alsoMatching: others },
    operation: {
      operation: asked?.operation ?? (path.startsWith('/models') ? 'models' : null),
      dialect: asked?.dialect ?? null,
      path: versioned ? `/v1${path}` : path,
    },
    asked,
    paths: versioned ? [path, `/v1${path}`] : [path],
    parameter,
  };
}

function prefixOf(context: string): string {
  return context === '/' ? '' : context;
}

function isBelow(context: string, path: string): boolean {
  return path.startsWith(`${prefixOf(context)}/`);
}

/** The value of a place's parameter; '' for a place without one, null where the path is not this place's. */
function parameterAt({ path, versioned }: Place, rest: string): string | null {
  const written = versioned ? [`/v1${path}`, path] : [path];
  for (const one of written) {
    const brace = one.indexOf('{');
    if (brace < 0) {
      if (rest === one) return '';
      continue;
    }
    const prefix = one.slice(0, brace);
    if (rest.startsWith(prefix) && rest.length > prefix.length) return decoded(rest.slice(prefix.length));
  }
  return null;
}

function decoded(parameter: string): string {
  try {
    return decodeURIComponent(parameter);
  } catch {
    // As it stands, it names no model; the verdict says so.
    return parameter;
  }
}
