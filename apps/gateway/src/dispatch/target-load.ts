import { DecayingLatency } from './decaying-latency.ts';
import type { AnswerEnd } from './relay.ts';

/** Answers of fewer tokens than this count as if they had so many: most of their time is for reading the prompt. */
const LEAST_TOKENS = 16;

/** How one attempt ended; times on the monotonic clock, ms. */
export interface TimedAnswer {
  readonly sentAt: number;
  readonly now: number;
  /** Asked for as a stream. */
  readonly stream: boolean;
  /** 0: no token came. */
  readonly firstTokenAt: number;
  readonly end: Pick<AnswerEnd, 'outcome' | 'usage'>;
}

/** How busy one model of one provider is with the requests of this process, and how fast it answers them. */
export class TargetLoad {
  /** Until the first token of a stream, ms. */
  readonly firstToken = new DecayingLatency();
  /** Of a whole answer, ms for each of its tokens. */
  readonly token = new DecayingLatency();
  #inFlight = 0;

  get inFlight(): number {
    return this.#inFlight;
  }

  /** An attempt begins; each has to end once. */
  begin(): this {
    this.#inFlight += 1;
    return this;
  }

  /** An attempt is over; null: it was given up for another target, which tells nothing of how fast this one is. */
  end(answer: TimedAnswer | null): void {
    this.#inFlight -= 1;
    if (!answer) return;
    const { sentAt, now, end } = answer;
    if (answer.stream) this.#learnFirstToken(answer);
    else if (end.outcome === 'completed') {
      this.token.observe((now - sentAt) / Math.max(LEAST_TOKENS, end.usage?.outputTokens ?? 0), now);
    }
  }

  #learnFirstToken({ sentAt, now, firstTokenAt, end }: TimedAnswer): void {
    if (firstTokenAt >= sentAt) {
      this.firstToken.observe(firstTokenAt - sentAt, now);
      return;
    }
    // A caller that leaves before the first token has waited for at least so long.
    const waited = now - sentAt;
    const known = this.firstToken.average ?? 0;
    if (end.outcome === 'client-closed' && waited > known) this.firstToken.observe(waited, now);
  }
}
