import type { IncomingHttpHeaders } from 'node:http';
import { unzip } from 'node:zlib';
import { GatewayError } from '@penstock/contracts';
import { UpstreamFaultError } from '@penstock/dialects';
import { answerHeaders } from '../http/answer-headers.ts';
import { CLIENT_CLOSED } from '../http/client-closed.ts';
import { answerPolicy } from '../policies/answer-policy.ts';
import { writeWhole } from '../http/write-response.ts';
import type { UpstreamExchange } from '../upstream/upstream-exchange.ts';
import { readUpstreamFailure, type UpstreamFailure } from '../upstream/upstream-failure.ts';
import { failureOfFault, unreadableAnswer } from './failure-of-fault.ts';
import type { AnswerEnd, Relay, RelayOwner } from './relay.ts';
import type { AnswerReader, WholeAnswer } from './whole-answer.ts';

/** The largest answer that is held in memory, before and after it is inflated. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const OPEN_OBJECT = 0x7b;

/** Passes a JSON answer on once it is complete, so that an answer that breaks off is an error and not half a document. */
export class JsonRelay implements Relay {
  readonly #owner: RelayOwner;
  readonly #exchange: UpstreamExchange;
  readonly #status: number;
  readonly #encoding: string | undefined;
  readonly #reader: AnswerReader;
  #chunks: Buffer[] = [];
  #length = 0;
  #over = false;
  /** Has been read, and waits for a policy. */
  #held: WholeAnswer | null = null;
  readonly stalledSince = 0;

  constructor(
    owner: RelayOwner,
    head: { readonly status: number; readonly headers: IncomingHttpHeaders },
    reader: AnswerReader,
  ) {
    this.#owner = owner;
    this.#reader = reader;
    this.#exchange = owner.exchange;
    this.#status = head.status;
    this.#encoding = head.headers['content-encoding'];
  }

  onResponse(): void {
    // The dispatch has seen the head before it made this relay.
  }

  onData(chunk: Buffer): void {
    if (this.#over) return;
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length <= MAX_ANSWER_BYTES) return;
    this.#exchange.abort();
    this.#reject("The upstream's answer is too large.");
  }

  onEnd(): void {
    if (this.#over) return;
    const body =
      this.#chunks.length === 1 ? (this.#chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#chunks, this.#length);
    if (this.#encoding === undefined || this.#encoding === 'identity') this.#deliver(body);
    else this.#inflate(body);
  }

  onFailure(error: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#owner.rejected(readUpstreamFailure(error));
  }

  stop(): boolean {
    this.#over = true;
    return false;
  }

  abandoned(): AnswerEnd {
    this.#over = true;
    const left = { outcome: 'client-closed', status: CLIENT_CLOSED, error: null, spent: true } as const;
    if (this.#held) return { ...left, usage: this.#held.usage, outputTokensSeen: this.#held.outputTokensSeen };
    return { ...left, usage: null, outputTokensSeen: 0, unseenMs: this.#owner.workedMs };
  }

  /** We ask for no compression, so this is rare. One layer of gzip or deflate is undone, within bounds. */
  #inflate(body: Buffer): void {
    if (!['gzip', 'x-gzip', 'deflate'].includes(this.#encoding ?? '')) {
      this.#reject("The upstream's answer has an encoding that was not asked for.");
      return;
    }
    unzip(body, { maxOutputLength: MAX_ANSWER_BYTES }, (error, inflated) => {
      if (this.#over) return;
      if (error) this.#reject("The upstream's compressed answer cannot be read.");
      else this.#deliver(inflated);
    });
  }

  #deliver(body: Buffer): void {
    if (!startsObject(body)) {
      this.#reject("The upstream's answer is not JSON.");
      return;
    }
    let answer: WholeAnswer;
    try {
      answer = this.#reader(body);
    } catch (error) {
      this.#unread(error);
      return;
    }
    if (answer.governed) this.#deliverLater(answer, answer.governed);
    else this.#release(answer);
  }

  /** The upstream is done; the client still waits. */
  #deliverLater(answer: WholeAnswer, governed: NonNullable<WholeAnswer['governed']>): void {
    this.#held = answer;
    governed.then(
      (found) => {
        if (!this.#over) this.#release({ ...answer, ...found });
      },
      (error: unknown) => {
        if (!this.#over) this.#unread(error);
      },
    );
  }

  #release({ body, usage, outputTokensSeen, refusal }: WholeAnswer): void {
    const { context } = this.#owner;
    this.#over = true;
    this.#owner.accepted();
    if (refusal) {
      const error = new GatewayError('policy_refused', 'A policy refused the answer.', { status: refusal.status });
      const refused = {
        outcome: 'failed',
        status: refusal.status,
        error,
        usage,
        outputTokensSeen,
        spent: true,
      } as const;
      this.#owner.finish(refused, () => answerPolicy(context, refusal));
      return;
    }
    const end = {
      outcome: 'completed',
      status: this.#status,
      error: null,
      usage,
      outputTokensSeen,
      spent: true,
    } as const;
    this.#owner.finish(end, () =>
      writeWhole(context.response, end.status, answerHeaders(context, 'application/json'), body),
    );
  }

  #unread(error: unknown): void {
    if (error instanceof UpstreamFaultError) this.#fail(failureOfFault(this.#owner.context.provider, error.fault));
    else this.#fail(unreadableAnswer("The upstream's answer cannot be read.", error));
  }

  #reject(message: string): void {
    this.#fail(unreadableAnswer(message));
  }

  #fail(failure: UpstreamFailure): void {
    this.#over = true;
    this.#owner.rejected(failure);
  }
}

function startsObject(body: Buffer): boolean {
  for (const byte of body.subarray(0, 64)) {
    if (byte === OPEN_OBJECT) return true;
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return false;
  }
  return false;
}
