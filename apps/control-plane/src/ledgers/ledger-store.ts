import type { ApplicableLimit } from '@penstock/rate-limiting';

/** The state of one ledger in its current window; amounts are requests, tokens or micro-USD. */
export interface LedgerState {
  readonly applicable: ApplicableLimit;
  /** Inclusive; of a rolling ledger where the span before now begins. Epoch ms. */
  readonly windowStartMs: number;
  /** Exclusive; of a rolling ledger now. */
  readonly windowEndMs: number;
  readonly spent: number;
  /** Held by requests under way. */
  readonly reserved: number;
  /** Debited beforehand by gateways, for when Redis is lost. */
  readonly pledged: number;
  /** There is no such ledger: nothing was ever spent, or Redis has lost it. */
  readonly missing: boolean;
}

/** What a ledger is to be brought up by; ignored when the window is no longer the current one. */
export interface LedgerRaise {
  readonly applicable: ApplicableLimit;
  readonly windowStartMs: number;
  readonly by: number;
}

/** The ledgers of limits, where the limiter keeps them. Calls reject when it cannot be reached. */
export interface LedgerStore {
  read(applicable: readonly ApplicableLimit[]): Promise<readonly LedgerState[]>;
  raise(entries: readonly LedgerRaise[]): Promise<void>;
  /** Whether the ledgers of an organization are complete. */
  seeded(organizationId: string): Promise<boolean>;
  /** Notes an attempt to write an organization's ledgers back, by its name. */
  beginReseed(organizationId: string, token: string): Promise<void>;
  /** The ledgers are complete; false, and they are not, when they were lost since the attempt began or another one has begun. */
  finishReseed(organizationId: string, token: string): Promise<boolean>;
}
