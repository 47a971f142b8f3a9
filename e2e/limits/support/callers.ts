import { setTimeout as sleep } from 'node:timers/promises';
import type { CallRecord } from '../history/history.ts';
import { type CallMix, planCall } from './call-plan.ts';
import { type CallTarget, makeCall } from './make-call.ts';
import { between, seededRandom } from './seeded-random.ts';

export interface CallersOptions {
  /** One for each gateway. */
  readonly targets: readonly CallTarget[];
  readonly perTarget: number;
  readonly seed: number;
  readonly mix: CallMix;
  /** How long a caller waits after a refusal, ms, at least and at most. */
  readonly patience: readonly [number, number];
}

/** Callers who ask again and again, each of one gateway, until they are stopped. */
export class Callers {
  readonly calls: CallRecord[] = [];
  readonly #options: CallersOptions;
  readonly #running: Promise<void>[];
  #stopped = false;
  #sent = 0;

  constructor(options: CallersOptions) {
    this.#options = options;
    this.#running = options.targets.flatMap((target, gateway) =>
      Array.from({ length: options.perTarget }, (_, index) =>
        this.#callOnAndOn(target, seededRandom(options.seed + gateway * 1_000 + index)),
      ),
    );
  }

  /** Resolves when every call has its end. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
  }

  async #callOnAndOn(target: CallTarget, random: () => number): Promise<void> {
    const { seed, mix, patience } = this.#options;
    // They do not come all at once, but within a quarter of a second.
    await sleep(between(random, 0, 250));
    while (!this.#stopped) {
      this.#sent += 1;
      const call = await makeCall(target, planCall(`limits-${seed}-${this.#sent}`, random, mix));
      this.calls.push(call);
      const isRefused = call.outcome !== 'answered' && call.outcome !== 'left';
      await sleep(isRefused ? between(random, ...patience) : between(random, 0, 20));
    }
  }
}
