import type { MetricRecord } from '@penstock/telemetry';

/** What the supervisor asks of a worker. */
export type SupervisorMessage =
  | { readonly kind: 'collect-metrics'; readonly id: number }
  | { readonly kind: 'drain' }
  | { readonly kind: 'hurry' };

/** What a worker tells its supervisor. */
export type WorkerMessage =
  | { readonly kind: 'metrics'; readonly id: number; readonly records: readonly MetricRecord[] }
  | { readonly kind: 'readiness'; readonly ready: boolean };

/** The environment variable that makes a process a worker: its number, from 0. */
export const WORKER_VARIABLE = 'PENSTOCK_WORKER_INDEX';
