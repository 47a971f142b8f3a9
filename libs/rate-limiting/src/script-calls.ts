import { ReplyError, type Redis } from 'ioredis';
import type { LuaScript, ScriptArguments } from './lua-script.ts';
import { DeadlineError } from './with-deadline.ts';

export interface ScriptCallsOptions {
  readonly redis: Redis;
  /** How long the calls of a turn may take together. */
  readonly deadlineMs: number;
}

/**
 * Gets what a call answered after its deadline. Undefined: the answer is lost with its connection, so the script may have run, or
 * may run yet if it lies in a buffer.
 */
export type LateAnswer = (reply: readonly number[] | undefined) => void;

type Reply = readonly [error: Error | null, result: unknown];

interface Call {
  readonly given: ScriptArguments;
  readonly script: LuaScript;
  readonly resolve: (reply: readonly number[]) => void;
  readonly reject: (error: unknown) => void;
  readonly onLate: LateAnswer | undefined;
  late: boolean;
}

/**
 * Calls scripts. The calls of one turn of the event loop leave at its end in one write and share one timer: a write for each
 * costs more than everything else about it.
 */
export class ScriptCalls {
  readonly #options: ScriptCallsOptions;
  readonly #onTurnEnd = (): void => this.#send();
  #waiting: Call[] = [];

  constructor(options: ScriptCallsOptions) {
    this.#options = options;
  }

  /**
   * Rejects as Redis does, and with a {@link DeadlineError} when no answer comes in time; it may still come, and what was asked
   * may still happen: `onLate` is told of the answer then, or that there will be none. An error that Redis answers, at whatever
   * time, says that nothing happened.
   */
  run(script: LuaScript, given: ScriptArguments, onLate?: LateAnswer): Promise<readonly number[]> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(this.#onTurnEnd);
      this.#waiting.push({ script, given, resolve, reject, onLate, late: false });
    });
  }

  #send(): void {
    const calls = this.#waiting;
    this.#waiting = [];
    const { redis, deadlineMs } = this.#options;
    // A busy process runs its timers before it reads its sockets: one more turn, so that its own pause is not blamed on Redis.
    const timer = setTimeout(() => setImmediate(() => expire(calls, deadlineMs)), deadlineMs);
    const pipeline = redis.pipeline();
    for (const { script, given } of calls) script.addTo(pipeline, given);
    pipeline
      .exec()
      .then(
        (replies) => this.#answer(calls, replies ?? []),
        (error: unknown) => calls.forEach((call) => fail(call, error)),
      )
      .finally(() => clearTimeout(timer));
  }

  async #answer(calls: readonly Call[], replies: readonly Reply[]): Promise<void> {
    const unknown: Call[] = [];
    for (const [index, call] of calls.entries()) {
      const [error, result] = replies[index] ?? [new Error('the call of a script was not answered'), null];
      if (!error) deliver(call, result);
      else if (error.message.startsWith('NOSCRIPT')) unknown.push(call);
      else fail(call, error);
    }
    if (unknown.length > 0) await Promise.all(unknown.map((call) => this.#evaluate(call)));
  }

  #evaluate(call: Call): Promise<void> {
    return call.script.evaluate(this.#options.redis, call.given).then(
      (reply) => deliver(call, reply),
      (error: unknown) => fail(call, error),
    );
  }
}

/** A script answers with whole numbers, of which one may stand alone. */
function deliver(call: Call, reply: unknown): void {
  const numbers = (Array.isArray(reply) ? reply : [reply]).map(Number);
  if (call.late) call.onLate?.(numbers);
  else call.resolve(numbers);
}

function fail(call: Call, error: unknown): void {
  call.reject(error);
  if (!(error instanceof ReplyError)) call.onLate?.(undefined);
}

function expire(calls: readonly Call[], deadlineMs: number): void {
  for (const call of calls) {
    call.late = true;
    call.reject(new DeadlineError(`no answer within ${deadlineMs} ms`));
  }
}
