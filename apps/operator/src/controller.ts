import type { Logger } from '@penstock/telemetry';
import { CUSTOM_KINDS, customKind } from './kubernetes/custom-kinds.ts';
import { type CustomObject, keyText, type ObjectKey } from './kubernetes/custom-object.ts';
import type { KubeApi, Watched } from './kubernetes/kube-api.ts';
import { isKubeError } from './kubernetes/kube-error.ts';
import { Reflector } from './kubernetes/reflector.ts';
import { ObjectStore } from './object-store.ts';
import type { OperatorMetrics } from './operations/operator-metrics.ts';
import { Backoff } from './queue/backoff.ts';
import { WorkQueue } from './queue/work-queue.ts';
import type { Outcome } from './reconcile/outcome.ts';
import type { Reconciled, Reconciler } from './reconcile/reconciler.ts';
import { sleep } from './sleep.ts';
import { Waiting } from './waiting.ts';

export interface ControllerOptions {
  readonly api: KubeApi;
  readonly reconciler: Reconciler;
  readonly metrics: OperatorMetrics;
  readonly logger: Logger;
  readonly namespaces: readonly string[] | undefined;
  readonly concurrency: number;
  readonly resyncMs: number;
  readonly retryMaxMs: number;
}

/** An object is not yet what it is to be; its status says why. */
class UnfinishedError extends Error {
  override readonly name = 'UnfinishedError';
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super(outcome.message);
    this.outcome = outcome;
  }
}

const RETRY_FIRST_MS = 500;
const RECONNECT_FIRST_MS = 200;
const RECONNECT_MOST_MS = 30_000;

/** Follows all custom resources and Secrets, and reconciles each object that changes, fails or has not been looked at for a while. */
export class Controller {
  readonly #options: ControllerOptions;
  readonly #store = new ObjectStore();
  readonly #waiting = new Waiting();
  readonly #queue: WorkQueue;
  readonly #unlisted = new Set<string>();

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#queue = new WorkQueue({
      work: (key) => this.#work(key),
      concurrency: options.concurrency,
      backoff: new Backoff(RETRY_FIRST_MS, options.retryMaxMs),
      onFailure: (key, error, delayMs) => this.#failed(key, error, delayMs),
    });
    options.metrics.watch(this.#queue, this.#store);
  }

  /** Everything was listed once. */
  get isSynced(): boolean {
    return this.#unlisted.size === 0;
  }

  /** Until `signal` says so, and until what is being worked on is done. */
  async run(signal: AbortSignal): Promise<void> {
    const reflectors = (this.#options.namespaces ?? [undefined]).flatMap((namespace) =>
      [...CUSTOM_KINDS, 'secrets' as const].map((watched) => this.#reflector(watched, namespace)),
    );
    const resync = setInterval(() => this.#resync(), this.#options.resyncMs);
    await Promise.all(reflectors.map((reflector) => reflector.run(signal)));
    clearInterval(resync);
    await this.#queue.stop();
  }

  #reflector(watched: Watched, namespace: string | undefined): Reflector {
    const { api, metrics, logger } = this.#options;
    const name = watched === 'secrets' ? 'secrets' : watched.plural;
    const place = `${namespace ?? ''}/${name}`;
    this.#unlisted.add(place);
    return new Reflector({
      api,
      watched,
      namespace,
      onObject: (object) => this.#seen(watched, object as CustomObject),
      onGone: (at, gone) => this.#gone(watched, at, gone),
      onListed: () => void this.#unlisted.delete(place),
      onFault: (error) => {
        metrics.watchFailed(name);
        logger.warn({ err: error, watched: name, namespace }, 'A watch failed and will be tried again');
      },
      backoff: new Backoff(RECONNECT_FIRST_MS, RECONNECT_MOST_MS),
      sleep,
    });
  }

  #seen(watched: Watched, object: CustomObject): void {
    if (watched === 'secrets') return this.#secretChanged(object.metadata.namespace, object.metadata.name);
    const { namespace, name } = object.metadata;
    const key = { kind: watched.kind, namespace, name };
    if (this.#store.put(key, object)) this.#queue.add(keyText(key));
  }

  #gone(watched: Watched, namespace: string, name: string): void {
    if (watched === 'secrets') return this.#secretChanged(namespace, name);
    const key = { kind: watched.kind, namespace, name };
    this.#store.remove(key);
    this.#waiting.forget(keyText(key));
  }

  #secretChanged(namespace: string, name: string): void {
    for (const key of this.#store.usersOfSecret(namespace, name)) this.#queue.add(key);
  }

  #resync(): void {
    for (const key of this.#store.keys()) this.#queue.add(key);
  }

  async #work(text: string): Promise<void> {
    const found = this.#store.get(text);
    if (!found) return;
    const { key, object } = found;
    const start = performance.now();
    const reconciled = await this.#options.reconciler.reconcile(customKind(key.kind), object);
    this.#options.metrics.reconciled(key.kind, reconciled.result, (performance.now() - start) / 1_000);
    this.#after(key, reconciled);
  }

  #after(key: ObjectKey, { outcome, result }: Reconciled): void {
    const text = keyText(key);
    const { kind, namespace, name } = key;
    if (result === 'created' || result === 'changed' || result === 'deleted') {
      this.#options.logger.info({ kind, namespace, object: name, result }, 'A document was written');
      for (const other of this.#waiting.wokenBy({ kind, name }, result)) this.#queue.add(other);
    }
    this.#waiting.set(text, outcome);
    if (outcome.retry) throw new UnfinishedError(outcome);
  }

  #failed(text: string, error: unknown, delayMs: number): void {
    const { logger, metrics } = this.#options;
    const [kind = '', namespace, object] = text.split('/');
    if (error instanceof UnfinishedError) {
      const { reason, message } = error.outcome;
      logger.warn({ kind, namespace, object, reason, delayMs }, message);
      return;
    }
    metrics.reconciled(kind, 'failed', 0);
    // Somebody else has changed the object meanwhile, which is told by the watch.
    const level = isKubeError(error, 409) ? 'debug' : 'warn';
    logger[level]({ err: error, kind, namespace, object, delayMs }, 'An object could not be reconciled');
  }
}
