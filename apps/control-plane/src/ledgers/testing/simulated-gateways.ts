import type { GatewayHeartbeat } from '@penstock/contracts';
import type { ReseedClock } from '../reseed-wait.ts';
import type { ReseedSigns } from '../reseed-signs.ts';

/** How a gateway behaves after Redis has lost its data at time 0. */
export interface SimulatedGateway {
  readonly clockOffsetMs: number;
  readonly connectsAfterMs: number;
  readonly beatEveryMs: number;
  readonly restoreTakesMs: number;
  readonly eventEveryMs: number;
  readonly commitTakesMs: number;
  /** Postgres knows it. */
  readonly isKnown: boolean;
  readonly diesAfterMs: number | undefined;
}

const EPOCH_MS = Date.UTC(2026, 0, 15);
const EXPIRY_MS = 15_000;
const HURRIED_MS = 300;

/** One of them, as time goes on. */
class Running {
  readonly id: string;
  readonly isKnown: boolean;
  readonly #given: SimulatedGateway;
  #beat: GatewayHeartbeat | undefined;
  #beatAtMs = -Infinity;
  #nextBeatMs: number;
  #heard: { token: string; atMs: number } | undefined;
  #answered: { token: string; atMs: number } | undefined;

  constructor(id: string, given: SimulatedGateway) {
    this.id = id;
    this.isKnown = given.isKnown;
    this.#given = given;
    this.#nextBeatMs = given.connectsAfterMs;
  }

  get hasRestored(): boolean {
    return this.#answered !== undefined;
  }

  isDead(nowMs: number): boolean {
    return (this.#given.diesAfterMs ?? Infinity) <= nowMs;
  }

  /** Whether all events that it recorded before one time are committed at another: they come at an even pace, long before the loss too. */
  hasCommitted(recordedBeforeMs: number, nowMs: number): boolean {
    return this.#oldestUncommittedMs(nowMs) > Math.min(recordedBeforeMs, nowMs);
  }

  beatOf(nowMs: number): GatewayHeartbeat[] {
    return this.#beat && nowMs - this.#beatAtMs < EXPIRY_MS ? [this.#beat] : [];
  }

  advance(nowMs: number, token: string | null): void {
    const { diesAfterMs = Infinity, restoreTakesMs, beatEveryMs } = this.#given;
    if (nowMs >= diesAfterMs) return;
    if (this.#heard && this.#answered !== this.#heard && nowMs >= this.#heard.atMs + restoreTakesMs) {
      this.#answered = this.#heard;
      this.#nextBeatMs = nowMs;
    }
    if (nowMs < this.#nextBeatMs) return;
    this.#send(nowMs);
    if (token !== null && this.#heard?.token !== token) this.#heard = { token, atMs: nowMs };
    this.#nextBeatMs = nowMs + (token === null ? beatEveryMs : HURRIED_MS);
  }

  #oldestUncommittedMs(nowMs: number): number {
    const { eventEveryMs, commitTakesMs } = this.#given;
    return (Math.floor((nowMs - commitTakesMs) / eventEveryMs) + 1) * eventEveryMs;
  }

  #send(nowMs: number): void {
    const iso = (ms: number): string => new Date(EPOCH_MS + this.#given.clockOffsetMs + ms).toISOString();
    const oldestMs = this.#oldestUncommittedMs(nowMs);
    this.#beatAtMs = nowMs;
    this.#beat = {
      instanceId: this.id,
      hostname: 'host',
      pid: 1,
      version: '0.1.0',
      startedAt: iso(0),
      sentAt: iso(nowMs),
      appliedRevision: 1,
      appliedChecksum: 'x',
      appliedAt: null,
      refusal: null,
      quarantined: [],
      inFlight: 0,
      limiterDegraded: false,
      spooledEvents: 1,
      oldestSpooledAt: oldestMs > nowMs ? null : iso(oldestMs),
      ledgerReseed: this.#answered ? { token: this.#answered.token, heardAt: iso(this.#answered.atMs) } : null,
      draining: false,
    };
  }
}

/** For tests: a world of gateways in which time goes on only while somebody sleeps. */
export class SimulatedGateways implements ReseedSigns, ReseedClock {
  readonly gateways: readonly Running[];
  readonly #losesAgainAtMs: number;
  #nowMs = 0;
  #token: string | null = null;

  constructor(gateways: readonly SimulatedGateway[], losesAgainAtMs = Infinity) {
    this.gateways = gateways.map((given, index) => new Running(`gateway-${index}`, given));
    this.#losesAgainAtMs = losesAgainAtMs;
  }

  now(): number {
    return this.#nowMs;
  }

  async sleep(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    while (this.#nowMs < untilMs) {
      this.#nowMs += 10;
      if (this.#nowMs === this.#losesAgainAtMs) this.#token = null;
      for (const gateway of this.gateways) gateway.advance(this.#nowMs, this.#token);
    }
  }

  async heartbeats(): Promise<GatewayHeartbeat[]> {
    return this.gateways.flatMap((gateway) => gateway.beatOf(this.#nowMs));
  }

  async knownGateways(): Promise<string[]> {
    return this.gateways.filter(({ isKnown }) => isKnown).map(({ id }) => id);
  }

  async call(token: string): Promise<void> {
    this.#token = token;
  }

  async keepCalling(token: string): Promise<boolean> {
    return this.#token === token;
  }

  async endCall(): Promise<void> {
    this.#token = null;
  }

  async streamEnd(): Promise<null> {
    return null;
  }

  async isCommitted(): Promise<boolean> {
    return true;
  }
}
