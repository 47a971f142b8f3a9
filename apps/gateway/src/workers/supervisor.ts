import { type ChildProcess, fork } from 'node:child_process';
import { aggregateMetrics, type Logger, type MetricRecord } from '@penstock/telemetry';
import { type SupervisorMessage, WORKER_VARIABLE, type WorkerMessage } from './messages.ts';

export interface SupervisorOptions {
  readonly script: string;
  readonly workers: number;
  readonly logger: Logger;
}

interface Worker {
  readonly index: number;
  process: ChildProcess;
  ready: boolean;
  startedAt: number;
  /** Crashes in a row, each soon after its start. */
  crashes: number;
}

const COLLECT_TIMEOUT_MS = 2000;
const FIRST_RESTART_MS = 100;
const LONGEST_RESTART_MS = 10_000;
/** A worker that lived this long did not crash because of how it started. */
const HEALTHY_AFTER_MS = 30_000;

/** Runs N processes that share the port, starts crashed ones again, and speaks for all of them on the operations port. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #workers: Worker[] = [];
  readonly #collections = new Map<number, (records: readonly MetricRecord[]) => void>();
  readonly #firstStart = Promise.withResolvers<void>();
  #nextCollection = 1;
  #stopping = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Resolves when the first worker listens. */
  get started(): Promise<void> {
    return this.#firstStart.promise;
  }

  get isReady(): boolean {
    return !this.#stopping && this.#workers.some(({ ready }) => ready);
  }

  start(): void {
    for (let index = 0; index < this.#options.workers; index += 1) {
      const worker: Worker = {
        index,
        process: this.#fork(index),
        ready: false,
        startedAt: performance.now(),
        crashes: 0,
      };
      this.#workers.push(worker);
      this.#follow(worker);
    }
  }

  /** The metrics of all workers that answer in time, added up. */
  async metrics(): Promise<string> {
    const parts = await Promise.all(this.#workers.map((worker) => this.#collect(worker)));
    return aggregateMetrics(parts.filter((part) => part !== undefined));
  }

  /** Lets the workers drain; resolves when all have ended. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#workers.map(({ process: child }) => ended(child)));
  }

  /** Lets them end within seconds. */
  hurry(): void {
    for (const { process: child } of this.#workers) tell(child, { kind: 'hurry' });
  }

  #fork(index: number): ChildProcess {
    return fork(this.#options.script, process.argv.slice(2), {
      env: { ...process.env, [WORKER_VARIABLE]: String(index) },
    });
  }

  #follow(worker: Worker): void {
    worker.process.on('message', (message) => this.#received(worker, message as WorkerMessage));
    worker.process.once('exit', (code, signal) => this.#ended(worker, { code, signal }));
  }

  #received(worker: Worker, message: WorkerMessage): void {
    if (message.kind === 'readiness') {
      worker.ready = message.ready;
      this.#firstStart.resolve();
    } else this.#collections.get(message.id)?.(message.records);
  }

  #ended(worker: Worker, how: { readonly code: number | null; readonly signal: string | null }): void {
    worker.ready = false;
    if (this.#stopping) return;
    worker.crashes = performance.now() - worker.startedAt > HEALTHY_AFTER_MS ? 1 : worker.crashes + 1;
    const restartMs = Math.min(LONGEST_RESTART_MS, FIRST_RESTART_MS * 2 ** (worker.crashes - 1));
    this.#options.logger.error({ worker: worker.index, ...how, restartMs }, 'a worker ended unexpectedly');
    setTimeout(() => this.#restart(worker), restartMs);
  }

  #restart(worker: Worker): void {
    if (this.#stopping) return;
    worker.process = this.#fork(worker.index);
    worker.startedAt = performance.now();
    this.#follow(worker);
  }

  #collect(worker: Worker): Promise<readonly MetricRecord[] | undefined> {
    if (!worker.process.connected) return Promise.resolve(undefined);
    const id = this.#nextCollection;
    this.#nextCollection += 1;
    const { promise, resolve } = Promise.withResolvers<readonly MetricRecord[] | undefined>();
    const timer = setTimeout(() => resolve(undefined), COLLECT_TIMEOUT_MS);
    this.#collections.set(id, resolve);
    worker.process.send({ kind: 'collect-metrics', id } satisfies SupervisorMessage, (error) => {
      if (error) resolve(undefined);
    });
    return promise.finally(() => {
      clearTimeout(timer);
      this.#collections.delete(id);
    });
  }
}

function tell(child: ChildProcess, message: SupervisorMessage): void {
  // A worker that ends meanwhile needs no message.
  if (child.connected) child.send(message, () => undefined);
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  tell(child, { kind: 'drain' });
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
  });
}
