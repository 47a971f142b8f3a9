import { MetricsRegistry } from '@penstock/telemetry';
import { CUSTOM_KINDS } from '../kubernetes/custom-kinds.ts';
import type { CustomObject, ObjectKey } from '../kubernetes/custom-object.ts';

interface QueueGauges {
  readonly length: number;
  readonly running: number;
  readonly retrying: number;
}

interface ObjectGauges {
  values(): Iterable<{ readonly key: ObjectKey; readonly object: CustomObject }>;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What the operator counts. */
export class OperatorMetrics {
  readonly registry = new MetricsRegistry({ processMetrics: true });
  readonly #reconciliations = this.registry.counter(
    'penstock_operator_reconciliations_total',
    'Reconciliations by kind and by what became of the document',
    ['kind', 'result'],
  );
  readonly #seconds = this.registry.histogram(
    'penstock_operator_reconcile_seconds',
    'How long reconciliations took',
    ['kind'],
    SECONDS,
  );
  readonly #watchFailures = this.registry.counter(
    'penstock_operator_watch_failures_total',
    'Lists and watches that failed',
    ['resource'],
  );
  readonly #queued = this.registry.gauge('penstock_operator_queue_objects', 'Objects in the queue', ['state']);
  readonly #objects = this.registry.gauge('penstock_operator_objects', 'Objects by kind and readiness', [
    'kind',
    'ready',
  ]);
  readonly #leader = this.registry.gauge('penstock_operator_leader', 'Whether this replica leads (1) or waits (0)');
  #queue: QueueGauges | undefined;
  #store: ObjectGauges | undefined;

  constructor() {
    this.registry.beforeCollect(() => this.#collect());
  }

  reconciled(kind: string, result: string, seconds: number): void {
    this.#reconciliations.with({ kind, result }).inc();
    this.#seconds.with({ kind }).observe(seconds);
  }

  watchFailed(resource: string): void {
    this.#watchFailures.with({ resource }).inc();
  }

  leads(leads: boolean): void {
    this.#leader.with({}).set(leads ? 1 : 0);
  }

  /** What the gauges are read from: those of the controller that runs. */
  watch(queue: QueueGauges, store: ObjectGauges): void {
    this.#queue = queue;
    this.#store = store;
  }

  #collect(): void {
    const { length = 0, running = 0, retrying = 0 } = this.#queue ?? {};
    this.#queued.with({ state: 'waiting' }).set(length);
    this.#queued.with({ state: 'running' }).set(running);
    this.#queued.with({ state: 'retrying' }).set(retrying);
    const counts = new Map<string, number>();
    for (const { key, object } of this.#store?.values() ?? []) {
      const id = `${key.kind}/${readiness(object)}`;
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    for (const { kind } of CUSTOM_KINDS) {
      for (const ready of ['true', 'false']) {
        this.#objects.with({ kind, ready }).set(counts.get(`${kind}/${ready}`) ?? 0);
      }
    }
  }
}

function readiness({ status }: CustomObject): boolean {
  return status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false;
}
