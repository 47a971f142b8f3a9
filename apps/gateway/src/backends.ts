import type { LoadedSnapshot, SnapshotRefusal, SnapshotSource } from '@penstock/config-sync';
import type { RateLimiter } from '@penstock/rate-limiting';
import type { UsageSink } from '@penstock/usage';
import type { KeyAccounts } from './endpoints/key-accounts.ts';
import type { SimilarAnswerStore } from './policies/semantic-cache/similar-answer-store.ts';
import type { AnswerStore } from './policies/response-cache/answer-store.ts';

/** What the gateway tells of itself, for the heartbeat. */
export interface GatewayState {
  readonly appliedRevision: number;
  readonly appliedChecksum: string;
  readonly appliedAt: number | null;
  readonly refusal: SnapshotRefusal | null;
  readonly quarantined: LoadedSnapshot['quarantined'];
  readonly inFlight: number;
  readonly draining: boolean;
}

/** What a gateway needs of the world beside its upstreams: connected to Redis, or alone. */
export interface Backends {
  readonly limiter: RateLimiter;
  readonly sink: UsageSink;
  readonly source: SnapshotSource;
  /** Null: this gateway has no Redis. */
  readonly accounts: KeyAccounts | null;
  /** Null: this gateway has no Redis. */
  readonly answers: AnswerStore | null;
  /** Null: this gateway has no Redis. */
  readonly similarAnswers: SimilarAnswerStore | null;
  /** Starts reporting; called once the first snapshot was looked for. */
  start(): void;
  /** Reports the gateway's state now. */
  reportState(): void;
  close(): Promise<void>;
}

/** Makes backends. `apply` is called for each verified snapshot, one at a time, and may reject to refuse it. */
export type BackendsFactory = (hooks: {
  readonly apply: (loaded: LoadedSnapshot) => void | Promise<void>;
  readonly refuse: (refusal: SnapshotRefusal) => void;
  readonly describe: () => GatewayState;
  /** A charge was admitted without Redis; `unit` of its limit. */
  readonly onDegradedAdmission: (unit: string) => void;
}) => Backends;
