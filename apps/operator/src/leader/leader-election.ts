import type { KubeApi } from '../kubernetes/kube-api.ts';
import { isKubeError } from '../kubernetes/kube-error.ts';
import type { Lease } from '../kubernetes/lease.ts';

export interface LeaderElectionOptions {
  readonly api: Pick<KubeApi, 'getLease' | 'createLease' | 'replaceLease'>;
  readonly namespace: string;
  readonly name: string;
  /** Tells this replica from others. */
  readonly identity: string;
  /** So long without a sign of life, and another takes over. The leader gives up after two thirds of it. */
  readonly leaseMs: number;
  readonly clock: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly onFault: (error: unknown) => void;
}

/** Lets one of several replicas work at a time, by a Lease that the leader renews. Clocks of others are not believed. */
export class LeaderElection {
  readonly #options: LeaderElectionOptions;
  /** The Lease as it was seen last, and since when it has been the same by this clock. */
  #observed: { readonly lease: Lease; readonly since: number } | undefined;
  #held: Lease | undefined;

  constructor(options: LeaderElectionOptions) {
    this.#options = options;
  }

  /**
   * Waits for its turn and calls `lead`, whose signal says that the turn is over; again and again until `signal`. The Lease is
   * given back when all is over, so that the next one need not wait.
   */
  async run(signal: AbortSignal, lead: (turn: AbortSignal) => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      if (await this.#attempt()) await this.#lead(signal, lead);
      else await this.#options.sleep(this.#options.leaseMs / 5, signal);
    }
  }

  async #lead(signal: AbortSignal, lead: (turn: AbortSignal) => Promise<void>): Promise<void> {
    const over = new AbortController();
    const turn = AbortSignal.any([signal, over.signal]);
    const renewing = this.#renew(turn).finally(() => over.abort());
    try {
      await lead(turn);
    } finally {
      over.abort();
      await renewing;
      await this.#release();
    }
  }

  /** Until the Lease is lost, or `turn` is over. */
  async #renew(turn: AbortSignal): Promise<void> {
    const { clock, leaseMs, sleep } = this.#options;
    let renewed = clock();
    for (;;) {
      await sleep(leaseMs / 5, turn);
      if (turn.aborted) return;
      if (await this.#attempt()) renewed = clock();
      else if (this.#held === undefined || clock() - renewed > (leaseMs * 2) / 3) return;
    }
  }

  /** Takes or renews the Lease. False: another one has it, or it cannot be told. */
  async #attempt(): Promise<boolean> {
    try {
      return await this.#takeOrRenew();
    } catch (error) {
      // Another one was faster.
      if (!isKubeError(error, 409)) this.#options.onFault(error);
      return false;
    }
  }

  async #takeOrRenew(): Promise<boolean> {
    const { api, namespace, name, identity, clock } = this.#options;
    const lease = await api.getLease(namespace, name);
    if (!lease) return this.#keep(await api.createLease(this.#next(undefined)));
    if (lease.resourceVersion !== this.#observed?.lease.resourceVersion) this.#observed = { lease, since: clock() };
    const isFree = lease.holder === '' || lease.holder === identity;
    const isOver = clock() - this.#observed.since > lease.durationSeconds * 1_000;
    if (!isFree && !isOver) {
      this.#held = undefined;
      return false;
    }
    return this.#keep(await api.replaceLease(this.#next(lease)));
  }

  #keep(lease: Lease): true {
    this.#held = lease;
    this.#observed = { lease, since: this.#options.clock() };
    return true;
  }

  #next(lease: Lease | undefined): Lease {
    const { namespace, name, identity, leaseMs, clock } = this.#options;
    const now = new Date(clock());
    const isOwn = lease?.holder === identity;
    return {
      namespace,
      name,
      resourceVersion: lease?.resourceVersion ?? '',
      holder: identity,
      durationSeconds: Math.max(1, Math.round(leaseMs / 1_000)),
      acquiredAt: isOwn ? lease.acquiredAt : now,
      renewedAt: now,
      transitions: (lease?.transitions ?? 0) + (lease === undefined || isOwn ? 0 : 1),
    };
  }

  async #release(): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    if (!held) return;
    try {
      await this.#options.api.replaceLease({ ...held, holder: '', renewedAt: new Date(this.#options.clock()) });
    } catch (error) {
      // It runs out by itself.
      this.#options.onFault(error);
    }
  }
}
