import type { IncomingHttpHeaders } from 'node:http';
import { GatewayError } from '@penstock/contracts';
import type { RouteTarget } from '@penstock/routing';
import type { CompiledProvider } from '../config/compiled-config.ts';
import { limitsOfTarget } from '../config/limit-plans.ts';
import type { LimitSet } from '../config/limit-set.ts';
import { CLIENT_CLOSED } from '../http/client-closed.ts';
import { failRequest, toGatewayError } from '../http/fail-request.ts';
import type { ClientFollower, RequestContext } from '../http/request-context.ts';
import { UpstreamExchange, type UpstreamListener } from '../upstream/upstream-exchange.ts';
import { isClosedConnection, readUpstreamFailure, type UpstreamFailure } from '../upstream/upstream-failure.ts';
import type { ActiveRequests, Watched } from './active-requests.ts';
import type { AttemptPlan, Inquiry } from './attempt-plan.ts';
import { AttemptPlanner } from './attempt-planner.ts';
import { AttemptTimes } from './attempt-times.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import type { DispatchOrder } from './dispatch-order.ts';
import { ErrorAnswer } from './error-answer.ts';
import { headerMap } from './header-map.ts';
import { answerLastResort, lastAnswer } from './last-resort.ts';
import type { AnswerEnd, Relay, RelayOwner } from './relay.ts';
import type { TargetLoad } from './target-load.ts';
import { type AdmittedTarget, TargetQueue } from './target-queue.ts';
import { serverNameOf } from './server-name.ts';
import { type AttemptVerdict, tellBreaker } from './tell-breaker.ts';
import { tighterTimeouts } from './tighter-timeouts.ts';

const MAX_ATTEMPTS = 3;
const CLIENT_STALL_MS = 60_000;

/**
 * Takes one admitted request to its end: tries its targets in turn as long as nothing has been released to the client, and
 * lets a relay pass the answer on. However it ends, it is settled once.
 */
export class RequestDispatch implements UpstreamListener, RelayOwner, ClientFollower, Watched {
  readonly context: RequestContext;
  slot = -1;
  readonly #order: DispatchOrder;
  readonly #active: ActiveRequests;
  readonly #targets: TargetQueue;
  readonly #planner: AttemptPlanner;
  #inquiry: Inquiry;
  #repaired = false;
  #exchange: UpstreamExchange | null = null;
  #target: RouteTarget | null = null;
  #plan: AttemptPlan | null = null;
  #breaker: CircuitBreaker | null = null;
  #load: TargetLoad | null = null;
  #relay: Relay | null = null;
  #lastError: GatewayError | null = null;
  /** Null where what failed last does not matter, or nothing has. */
  #mayTry: ((target: RouteTarget) => boolean) | undefined;
  /** The answer that is no success, once its head is there. */
  #failed: ErrorAnswer | null = null;
  readonly #times = new AttemptTimes();
  #deadlineAt = Infinity;
  #resentOnNewConnection = false;
  #finished = false;

  constructor(order: DispatchOrder, active: ActiveRequests) {
    this.context = order.inquiry.context;
    this.#order = order;
    this.#active = active;
    this.#inquiry = order.inquiry;
    this.#targets = new TargetQueue(order.targets, order.inquiry.context.config);
    this.#planner = new AttemptPlanner(order.gate, order.random);
  }

  get exchange(): UpstreamExchange {
    if (!this.#exchange) throw new TypeError('nothing has been sent yet');
    return this.#exchange;
  }

  get workedMs(): number {
    return this.#times.workedMs;
  }

  start(): void {
    this.#active.add(this);
    this.context.follower = this;
    this.#tryNext();
  }

  onResponse(status: number, headers: IncomingHttpHeaders): void {
    this.context.upstreamAnswerHeaders = headers;
    if (status >= 200 && status < 300 && this.#plan) {
      this.#relay = this.#plan.createRelay(this, { status, headers });
      this.exchange.listener = this.#relay;
      return;
    }
    this.#failed = new ErrorAnswer(status, headers);
  }

  onData(chunk: Buffer): void {
    if (!this.#failed?.push(chunk)) return;
    this.exchange.abort();
    this.onEnd();
  }

  onEnd(): void {
    const provider = this.context.provider;
    if (!provider || !this.#failed || this.#finished) return;
    const { status, headers, body } = this.#failed;
    const now = performance.now();
    if (status < 400) {
      const error = new GatewayError('upstream_error', `The upstream answered with status ${status}.`);
      this.rejected({ error, retryable: true, target: 'failed' });
      return;
    }
    if (this.#resendRepaired(status, body)) return;
    const read = provider.adapter.readError(status, headerMap(headers), body);
    if (read.cooldownMs !== undefined) this.#breaker?.coolDown(now, read.cooldownMs);
    this.rejected({
      error: read.error,
      retryable: read.retryable,
      target: status >= 500 ? 'failed' : 'alive',
    });
  }

  /** Reasoning that another account made is refused: the request is worth asking without it, once. */
  #resendRepaired(status: number, answer: string): boolean {
    const { surface, context, body } = this.#inquiry;
    const repaired = this.#repaired ? null : surface.withoutRefused?.(body, status, answer);
    if (!repaired) return false;
    this.#repaired = true;
    this.#inquiry = { ...this.#inquiry, body: repaired, facts: surface.scan(repaired, context) };
    this.#countWait();
    this.#resend();
    return true;
  }

  onFailure(error: Error): void {
    const exchange = this.exchange;
    if (exchange.reusedConnection && !exchange.responded && !this.#resentOnNewConnection && isClosedConnection(error)) {
      // The upstream closed an idle connection just when it was used again: it has not seen the request.
      this.#resentOnNewConnection = true;
      if (this.#plan && this.context.provider) this.#ask(this.#plan, this.context.provider);
      return;
    }
    this.rejected(readUpstreamFailure(error));
  }

  accepted(): void {
    this.#countWait();
    if (this.#target) this.context.policies?.attempted(this.#target, false);
    this.#tell('succeeded');
  }

  rejected(failure: UpstreamFailure): void {
    if (this.#finished) return;
    // A connection that breaks before the answer begins is taken for an upstream that failed, and not for one at work.
    if (failure.isLost && (this.#relay || failure.error.code === 'upstream_timeout')) this.#countUnseen();
    this.#leave(null);
    this.#times.ended();
    this.#countWait();
    this.#lastError = failure.error;
    this.#relay = null;
    const again = this.#sameElsewhere(failure);
    if (again) {
      this.#planner.servers.tell('failed', performance.now());
      this.#take(again);
      return;
    }
    this.#tell(failure.target);
    this.#tellPolicies(failure);
    const { policies } = this.context;
    this.#mayTry = policies?.judgesFailures
      ? (target) => policies.mayTry(target, failure) ?? failure.retryable
      : undefined;
    if (failure.retryable || this.#mayTry) this.#tryNext();
    else this.#conclude(failure.error);
  }

  broken(): void {
    this.#tell('failed');
  }

  finish(end: AnswerEnd, release?: () => void): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#active.delete(this);
    this.context.follower = null;
    this.#leave(end);
    this.#order.settlement.settle(end, release && (() => this.#release(release)));
    this.context.providerPolicies?.ended(end);
    this.context.policies?.ended(end);
  }

  onClientGone(): void {
    if (this.#finished) return;
    this.#countUnseen();
    const end = this.#relay?.abandoned();
    this.#exchange?.abort();
    this.#tell('unknown');
    const waiting = { outcome: 'client-closed', status: CLIENT_CLOSED, error: null } as const;
    this.finish(end ?? { ...waiting, ...this.#times.unseen });
  }

  check(now: number): void {
    if (now > this.#deadlineAt) {
      this.#tell('failed');
      this.#stop(new GatewayError('upstream_timeout', 'The upstream did not finish in time.'));
      return;
    }
    const stalledSince = this.#relay?.stalledSince ?? 0;
    // The client reads nothing: closing its connection ends the request as if it had left.
    if (stalledSince > 0 && now - stalledSince > CLIENT_STALL_MS) this.context.response.destroy();
    else {
      this.#relay?.keepAlive?.(now);
      this.#order.settlement.renew(now);
    }
  }

  shutDown(): void {
    this.#tell('unknown');
    this.#stop(new GatewayError('overloaded', 'The gateway is shutting down.', { retryAfterMs: 1000 }));
  }

  #stop(error: GatewayError): void {
    if (this.#finished) return;
    if (this.#relay?.stop(error)) return;
    this.#countUnseen();
    this.#exchange?.abort();
    this.#conclude(error);
  }

  #tryNext(): void {
    const now = performance.now();
    const next = this.context.attempts < MAX_ATTEMPTS ? this.#targets.next(now, this.#mayTry) : undefined;
    if (!next) {
      this.#conclude(this.#lastError ?? this.#targets.noTarget(now));
      return;
    }
    this.#breaker = next.breaker;
    this.#take(next);
  }

  #take(next: AdmittedTarget): void {
    // What the given up attempt may have generated stays in the books of the request.
    const unseenMs = this.#times.takeUnseen();
    if (unseenMs !== null) this.#order.settlement.abandon(unseenMs);
    const { provider, target } = next;
    const limits = this.#order.limits?.get(target) ?? limitsOfTarget(provider, target.modelId);
    if (this.#order.settlement.covers(provider, target.modelId, limits)) this.#attempt(next);
    else this.#attemptWithinLimits(next, limits).catch((error: unknown) => this.#fault(error));
  }

  /** A server that failed is left for another one of its provider. */
  #sameElsewhere({ retryable, target: verdict }: UpstreamFailure): AdmittedTarget | null {
    const { provider, attempts } = this.context;
    if (!provider?.servers || !this.#target || !this.#breaker || !retryable || verdict !== 'failed') return null;
    const isLeft = attempts < MAX_ATTEMPTS && this.#planner.servers.hasAnother(provider, performance.now());
    return isLeft ? { target: this.#target, provider, breaker: this.#breaker } : null;
  }

  /** Another provider or model than the one whose limits were taken at admission: its own limits come first. */
  async #attemptWithinLimits(next: AdmittedTarget, limits: LimitSet): Promise<void> {
    const { provider, target } = next;
    const refusal = await this.#order.settlement.cover({ provider, target, limits });
    if (this.#finished) return;
    // What the caller should know is why its first target failed, not that there was no room at the next one.
    if (refusal) this.rejected({ error: this.#lastError ?? refusal, retryable: true, target: 'unknown' });
    else this.#attempt(next);
  }

  #attempt(next: AdmittedTarget): void {
    this.#target = next.target;
    this.context.provider = next.provider;
    this.context.modelId = next.target.modelId;
    this.context.upstreamModel = next.target.upstreamModel;
    this.#resentOnNewConnection = false;
    this.#load = next.provider.loads.of(next.target.modelId).begin();
    this.#send(next.target, next.provider);
  }

  #resend(): void {
    const { provider } = this.context;
    if (this.#target && provider) this.#send(this.#target, provider);
  }

  #send(target: RouteTarget, provider: CompiledProvider): void {
    let plan: AttemptPlan | Promise<AttemptPlan>;
    try {
      plan = this.#planner.plan(this.#inquiry, target, provider);
    } catch (error) {
      this.#unasked(error);
      return;
    }
    if (!(plan instanceof Promise)) this.#ask(plan, provider);
    else {
      plan
        .then(
          (ready) => this.#ask(ready, provider),
          (error: unknown) => this.#unasked(error),
        )
        .catch((error: unknown) => this.#fault(error));
    }
  }

  #ask(plan: AttemptPlan, provider: CompiledProvider): void {
    if (this.#finished) return;
    this.#plan = plan;
    const { request } = plan;
    const { context } = this;
    const timeouts = tighterTimeouts(provider, context.proxy);
    context.attempts += 1;
    this.#failed = null;
    this.#exchange = new UpstreamExchange(
      {
        path: request.path,
        method: request.method,
        headers: request.headers as string[],
        body: request.body,
        headersTimeout: timeouts.firstByteMs,
        bodyTimeout: timeouts.idleMs,
        // The caller's Host header must not decide over whose certificate is accepted.
        ...(provider.keepsHost && serverNameOf(request.origin)),
      },
      this,
    );
    this.#times.sent();
    this.#deadlineAt = timeouts.totalMs === 0 ? Infinity : context.receivedAt + timeouts.totalMs;
    (this.#planner.servers.current?.pool ?? provider.pool).send(this.#exchange);
  }

  /** The target is busy with this no more; of an answer that it gave its load learns how long that took. */
  #leave(end: AnswerEnd | null): void {
    const sentAt = this.#times.workingSince;
    const times = { sentAt, now: performance.now(), firstTokenAt: this.context.firstTokenAt };
    this.#load?.end(end && sentAt > 0 ? { end, ...times, stream: this.#inquiry.facts.stream } : null);
    this.#load = null;
  }

  #tell(verdict: AttemptVerdict): void {
    const now = performance.now();
    this.#planner.servers.tell(verdict, now);
    tellBreaker(this.#breaker, verdict, now);
  }

  /** A target that was not asked, such as one that cannot be asked this, has not failed: it goes on serving others. */
  #tellPolicies({ target, retryable }: UpstreamFailure): void {
    if (this.#target && target !== 'unknown') this.context.policies?.attempted(this.#target, retryable);
  }

  #countUnseen(): void {
    if (this.#exchange?.started) this.#times.countUnseen();
  }

  #countWait(): void {
    this.context.waitedMs += this.#times.takeWait();
  }

  /** The target cannot be asked this: another one may be able to. Its limits were taken, and are given back with the rest. */
  #unasked(error: unknown): void {
    if (!(error instanceof GatewayError)) {
      this.#fault(error);
      return;
    }
    if (this.#planner.refused) {
      this.rejected({ error, retryable: false, target: 'unknown' });
      return;
    }
    this.rejected({ error: this.#lastError ?? error, retryable: true, target: 'unknown' });
  }

  #release(release: () => void): void {
    try {
      release();
    } catch (error) {
      this.#order.onFault(error);
      this.context.response.destroy();
    }
  }

  /** Something threw that should not have: nothing was sent. */
  #fault(error: unknown): void {
    if (this.#finished) return;
    this.#tell('unknown');
    const shown = toGatewayError(error);
    if (shown.code === 'internal_error') this.#order.onFault(error);
    this.#conclude(shown);
  }

  #conclude(error: GatewayError): void {
    if (this.#finished) return;
    const seen = this.#times.unseen;
    const { surface } = this.#order.inquiry;
    const last = lastAnswer(this.#order.inquiry, error);
    if (Buffer.isBuffer(last)) {
      const end = { outcome: 'completed', status: 200, error: null, ...seen } as const;
      this.finish(end, () => answerLastResort(this.context, last));
      return;
    }
    const end = { outcome: 'failed', status: surface.statusOf(last), error: last, ...seen } as const;
    this.finish(end, () => failRequest(this.context, last));
  }
}
