import { describe, expect, it } from '@jest/globals';
import type { Lease } from '../kubernetes/lease.ts';
import { KubeError } from '../kubernetes/kube-error.ts';
import { LeaderElection } from './leader-election.ts';

/** A Lease in memory with the API server's rule: who writes a former version is refused. */
class LeaseInMemory {
  lease: Lease | undefined;
  isAway = false;
  #version = 0;

  getLease = async (): Promise<Lease | undefined> => {
    this.#answer();
    return this.lease;
  };

  createLease = async (lease: Lease): Promise<Lease> => {
    this.#answer();
    if (this.lease) throw new KubeError('exists', 409, 'AlreadyExists');
    return this.#store(lease);
  };

  replaceLease = async (lease: Lease): Promise<Lease> => {
    this.#answer();
    if (lease.resourceVersion !== this.lease?.resourceVersion) throw new KubeError('modified', 409, 'Conflict');
    return this.#store(lease);
  };

  #answer(): void {
    if (this.isAway) throw new KubeError('away', 0, 'Unanswered');
  }

  #store(lease: Lease): Lease {
    this.#version += 1;
    this.lease = { ...lease, resourceVersion: String(this.#version) };
    return this.lease;
  }
}

/** Time that passes by itself while everybody sleeps, a second for each turn of the event loop. */
class Stage {
  now = 0;
  readonly api = new LeaseInMemory();
  readonly leaders: string[] = [];
  readonly ends = new Map<string, AbortController>();
  readonly #running: Promise<void>[] = [];

  join(identity: string, skewMs = 0): void {
    const end = new AbortController();
    this.ends.set(identity, end);
    const election = new LeaderElection({
      api: this.api,
      namespace: 'n',
      name: 'l',
      identity,
      leaseMs: 10_000,
      clock: () => this.now + skewMs,
      sleep: (ms, signal) => this.#sleep(ms, signal),
      onFault: () => {},
    });
    const lead = async (turn: AbortSignal): Promise<void> => {
      this.leaders.push(identity);
      while (!turn.aborted) await this.#sleep(100, turn);
      this.leaders.splice(this.leaders.indexOf(identity), 1);
    };
    this.#running.push(election.run(end.signal, lead));
  }

  async pass(ms: number): Promise<void> {
    const until = this.now + ms;
    while (this.now < until) {
      this.now += 100;
      for (let turn = 0; turn < 6; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      expect(this.leaders.length).toBeLessThanOrEqual(1);
    }
  }

  async end(): Promise<void> {
    for (const end of this.ends.values()) end.abort();
    await Promise.all(this.#running);
  }

  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    const until = this.now + ms;
    while (this.now < until && !signal.aborted) await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('LeaderElection', () => {
  it('lets one lead, and the next at once when it leaves', async () => {
    const stage = new Stage();
    stage.join('a');
    await stage.pass(500);
    stage.join('b');
    await stage.pass(30_000);
    expect(stage.leaders).toEqual(['a']);
    stage.ends.get('a')!.abort();
    await stage.pass(2_500);
    expect(stage.leaders).toEqual(['b']);
    expect(stage.api.lease).toMatchObject({ holder: 'b', transitions: 1, durationSeconds: 10 });
    await stage.end();
    expect(stage.api.lease?.holder).toBe('');
  });

  it('believes no clock but its own', async () => {
    const stage = new Stage();
    stage.join('a', -3_600_000);
    await stage.pass(500);
    stage.join('b', 3_600_000);
    await stage.pass(30_000);
    expect(stage.leaders).toEqual(['a']);
    await stage.end();
  });

  it('takes over from one that gives no sign of life', async () => {
    const stage = new Stage();
    const dead = {
      namespace: 'n',
      name: 'l',
      resourceVersion: '',
      holder: 'dead',
      durationSeconds: 10,
      transitions: 3,
    };
    await stage.api.createLease({ ...dead, acquiredAt: new Date(0), renewedAt: new Date(0) });
    stage.join('a');
    await stage.pass(9_000);
    expect(stage.leaders).toEqual([]);
    await stage.pass(4_000);
    expect(stage.leaders).toEqual(['a']);
    expect(stage.api.lease).toMatchObject({ holder: 'a', transitions: 4 });
    await stage.end();
  });

  it('stops leading before others may begin, when it cannot renew', async () => {
    const stage = new Stage();
    stage.join('a');
    await stage.pass(1_000);
    stage.api.isAway = true;
    await stage.pass(9_900);
    expect(stage.leaders).toEqual([]);
    stage.api.isAway = false;
    await stage.pass(3_000);
    expect(stage.leaders).toEqual(['a']);
    await stage.end();
  });
});
