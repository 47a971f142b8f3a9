import type { Backoff } from '../queue/backoff.ts';
import type { KubeApi, Watched, WatchEvent } from './kube-api.ts';
import { KubeError } from './kube-error.ts';

type Seen = { readonly metadata: SeenMeta };
type SeenMeta = { readonly namespace: string; readonly name: string; readonly resourceVersion: string };

export interface ReflectorOptions {
  readonly api: KubeApi;
  readonly watched: Watched;
  /** Undefined: all of them. */
  readonly namespace: string | undefined;
  /** An object that is there or is another one than before. */
  readonly onObject: (object: unknown) => void;
  /** An object that is gone. */
  readonly onGone: (namespace: string, name: string) => void;
  /** The first list is through. */
  readonly onListed: () => void;
  /** Something went wrong; it is tried again. */
  readonly onFault: (error: unknown) => void;
  readonly backoff: Backoff;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Follows a collection: lists it, watches it from there, and lists it anew when the server has forgotten that place (410). */
export class Reflector {
  readonly #options: ReflectorOptions;
  /** Versions of what is known, by namespace and name: what is gone shows when it is listed anew. */
  readonly #known = new Map<string, SeenMeta>();
  #resourceVersion: string | undefined;
  #failures = 0;

  constructor(options: ReflectorOptions) {
    this.#options = options;
  }

  /** Until `signal` says so; never throws. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        this.#resourceVersion ??= await this.#list();
        await this.#watch(this.#resourceVersion, signal);
        this.#failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        await this.#afterFault(error, signal);
      }
    }
  }

  async #afterFault(error: unknown, signal: AbortSignal): Promise<void> {
    if (isExpired(error)) {
      this.#resourceVersion = undefined;
    } else {
      this.#options.onFault(error);
    }
    this.#failures += 1;
    await this.#options.sleep(this.#options.backoff.delay(this.#failures), signal);
  }

  async #list(): Promise<string> {
    const { api, watched, namespace, onListed } = this.#options;
    const found: Seen[] = [];
    let token: string | undefined;
    let version: string;
    do {
      const page = await api.list(watched, namespace, token);
      found.push(...page.items);
      token = page.continue;
      version = page.resourceVersion;
    } while (token !== undefined);
    const names = new Set(found.map(({ metadata }) => idOf(metadata)));
    for (const object of found) this.#see(object);
    for (const [id, meta] of this.#known) if (!names.has(id)) this.#lose(meta);
    onListed();
    return version;
  }

  async #watch(resourceVersion: string, signal: AbortSignal): Promise<void> {
    const { api, watched, namespace } = this.#options;
    let failure: KubeError | undefined;
    const onEvent = (event: WatchEvent): void => {
      failure ??= this.#take(event);
    };
    await api.watch(watched, { namespace, resourceVersion, onEvent, signal });
    if (failure) throw failure;
  }

  /** What the server says is wrong, if it says so. */
  #take({ type, object }: WatchEvent): KubeError | undefined {
    if (type === 'ERROR') {
      const { message = 'the watch failed', code = 0, reason = 'Unknown' } = object as Partial<StatusObject>;
      return new KubeError(message, code, reason);
    }
    const seen = object as Seen;
    this.#failures = 0;
    this.#resourceVersion = seen.metadata.resourceVersion;
    if (type === 'DELETED') this.#lose(seen.metadata);
    else if (type !== 'BOOKMARK') this.#see(seen);
    return undefined;
  }

  #see(object: Seen): void {
    const id = idOf(object.metadata);
    if (this.#known.get(id)?.resourceVersion === object.metadata.resourceVersion) return;
    const { namespace, name, resourceVersion } = object.metadata;
    this.#known.set(id, { namespace, name, resourceVersion });
    this.#options.onObject(object);
  }

  #lose(metadata: SeenMeta): void {
    if (this.#known.delete(idOf(metadata))) this.#options.onGone(metadata.namespace, metadata.name);
  }
}

interface StatusObject {
  readonly message: string;
  readonly code: number;
  readonly reason: string;
}

function idOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}

/** The server no longer knows what happened since. */
function isExpired(error: unknown): boolean {
  return error instanceof KubeError && (error.status === 410 || error.reason === 'Expired' || error.reason === 'Gone');
}
