import type { GatewayError, TokenUsage, UsageOutcome } from '@penstock/contracts';
import type { RequestContext } from '../http/request-context.ts';
import type { UpstreamExchange, UpstreamListener } from '../upstream/upstream-exchange.ts';
import type { UpstreamFailure } from '../upstream/upstream-failure.ts';

/** How an answer ended, for the books. */
export interface AnswerEnd {
  readonly outcome: Exclude<UsageOutcome, 'presumed' | 'refused'>;
  readonly status: number;
  readonly error: GatewayError | null;
  /** What the upstream reported; null when it reported nothing. */
  readonly usage: TokenUsage | null;
  /** The answer broke off before its final report: the output is what was seen of it. */
  readonly usageIsPartial?: boolean;
  /** Output tokens that passed by, for an estimate where nothing was reported. */
  readonly outputTokensSeen: number;
  /** False when the upstream cannot have generated anything. */
  readonly spent: boolean;
  /** Nothing is known of the output, on which the upstream may have worked for so many milliseconds. */
  readonly unseenMs?: number;
}

/** Whom a relay works for: the dispatch of one request. */
export interface RelayOwner {
  readonly context: RequestContext;
  readonly exchange: UpstreamExchange;
  /** For how long the upstream may have been at work on this attempt, ms. */
  readonly workedMs: number;
  /** The target answered well. */
  accepted(): void;
  /** The target's answer is of no use and nothing was released to the client: another target may be tried. */
  rejected(failure: UpstreamFailure): void;
  /** The target broke off after something was released. */
  broken(): void;
  /** Writes the books, then calls `release`, which sends what ends the answer; does neither when the request is over already. */
  finish(end: AnswerEnd, release: () => void): void;
}

/** Passes an upstream's answer on to the client. */
export interface Relay extends UpstreamListener {
  /** Ends an answer that has begun with an error; false when nothing was released and the owner has to answer. */
  stop(error: GatewayError): boolean;
  /** How the answer stands when the client leaves. */
  abandoned(): AnswerEnd;
  /** Called every second while the answer runs; `now` on the monotonic clock. */
  keepAlive?(now: number): void;
  /** When the client stopped reading, on the monotonic clock; 0 while it reads. */
  readonly stalledSince: number;
}
