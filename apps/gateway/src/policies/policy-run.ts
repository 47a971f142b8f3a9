import { type CanonicalEvent, type JsonObject, parseFaithfully, type RequestFacts } from '@penstock/dialects';
import type { RouteTarget } from '@penstock/routing';
import type { AnswerEnd } from '../dispatch/relay.ts';
import type { Surface } from '../endpoints/surfaces/surface.ts';
import type { RequestContext } from '../http/request-context.ts';
import type { HeaderList } from '../http/write-response.ts';
import type { LimitSet } from '../config/limit-set.ts';
import type { UpstreamFailure } from '../upstream/upstream-failure.ts';
import { KnownStream } from './known-stream.ts';
import { chainFilters } from './chain-filters.ts';
import { conditionInput } from './condition-input.ts';
import { editHeaders } from './edit-headers.ts';
import type { BodyCall, HeadCall, PolicyAnswer, RouteChoice, ShownCredential, StreamFilter } from './policy.ts';
import type { PolicyChain, PolicyStep } from './policy-chain.ts';
import { SELECTED_PROVIDER } from './selected-provider.ts';

/** A body that went through the policies: as it came, or as they made it; or what they answer instead. */
export interface ReadBody {
  readonly answer?: PolicyAnswer;
  readonly body: Buffer;
  readonly facts: RequestFacts;
}

/** An answer as it leaves, and what is answered in its place. */
export interface GovernedAnswer {
  readonly body: Buffer;
  readonly refusal?: PolicyAnswer;
}

interface Governed {
  readonly changed: boolean;
  readonly refusal?: PolicyAnswer;
}

const NONE: readonly string[] = [];

/** One request on its way through the policies of its operation. */
export class PolicyRun implements HeadCall {
  readonly context: RequestContext;
  readonly metadata = new Map<string, string>();
  readonly upstreamHeaders = new Map<string, string | null>();
  readonly answerHeaders = new Map<string, string | null>();
  maxBodyBytes = Infinity;
  credential: ShownCredential | null = null;
  notKeys = NONE;
  user: string | null = null;
  readonly #chain: PolicyChain;
  #bodyCall: BodyCall | null = null;
  /** What was chosen before the request was routed for the first time. */
  #wish: { readonly provider: string | undefined } | null = null;

  constructor(chain: PolicyChain, context: RequestContext) {
    this.#chain = chain;
    this.context = context;
  }

  /** Streams have to be read event by event. */
  get filtersStreams(): boolean {
    return this.#chain.stream.some((step) => this.#applies(step));
  }

  /** Whether failures are judged by a policy, and not by their own kind alone. */
  get judgesFailures(): boolean {
    return this.#chain.mayTry.length > 0;
  }

  /** Whether an answer may be there already. */
  get looksUp(): boolean {
    return this.#chain.lookUp.length > 0;
  }

  /** What a browser is told before it sends; null where no policy answers. */
  preflight(): HeaderList | null {
    const step = this.#chain.preflight.find((one) => this.#applies(one));
    return step?.policy.onPreflight?.(this) ?? null;
  }

  /** A promise only where a policy has to wait. */
  head(steps = this.#chain.head): PolicyAnswer | undefined | Promise<PolicyAnswer | undefined> {
    for (const [index, step] of steps.entries()) {
      const answer = this.#applies(step) ? step.policy.onHead?.(this) : undefined;
      if (answer instanceof Promise) return answer.then((found) => found ?? this.head(steps.slice(index + 1)));
      if (answer) return answer;
    }
    return undefined;
  }

  /** Throws GatewayError when a body that was changed cannot be read any more. */
  async body(surface: Surface, facts: RequestFacts, body: Buffer): Promise<ReadBody> {
    const { answer, body: left } = await this.upstreamBody(facts, body);
    if (answer || left === body) return { ...(answer && { answer }), body, facts };
    const changedFacts = surface.scan(left, this.context);
    this.see(changedFacts, left);
    return { body: left, facts: changedFacts };
  }

  /** A body as it is sent, in whatever dialect: nobody reads it any more. `facts` are those of the caller's. */
  async upstreamBody(facts: RequestFacts, body: Buffer): Promise<Omit<ReadBody, 'facts'>> {
    const call = this.see(facts, body);
    for (const step of this.#chain.body) {
      if (!this.#applies(step)) continue;
      const answer = await step.policy.onBody?.(call);
      if (answer) return { answer, body };
    }
    return { body: call.changed ? Buffer.from(JSON.stringify(call.json)) : body };
  }

  /** The body is there, and limits may look at it. */
  see(facts: RequestFacts, body: Buffer): ParsedBodyCall {
    const call = new ParsedBodyCall(this, facts, body);
    this.#bodyCall = call;
    return call;
  }

  /** All limits of the operation: `access`, which the key meets at this proxy, and those of policies. */
  limits(access: LimitSet): LimitSet {
    const { key } = this.context;
    return this.#chain.limitsFor(key, access, { call: this.#bodyCall, applies: (step) => this.#applies(step) });
  }

  /** An answer that is there already, as it leaves. Rejects with a GatewayError where a policy ends a stream. */
  async lookUp(): Promise<GovernedAnswer | KnownStream | undefined> {
    const call = this.#bodyCall;
    if (!call) return undefined;
    for (const step of this.#chain.lookUp) {
      const found = this.#applies(step) ? await step.policy.onLookUp?.(call) : undefined;
      // Those that stand behind it have seen the answer when it was new.
      if (!found) continue;
      if (found instanceof KnownStream) return this.#governStream(found, step);
      const { refusal } = await this.#govern(found, this.#chain.answer.slice(this.#chain.answer.indexOf(step) + 1));
      return { body: Buffer.from(JSON.stringify(found)), ...(refusal && { refusal }) };
    }
    return undefined;
  }

  async #governStream({ events }: KnownStream, step: PolicyStep): Promise<KnownStream> {
    const filter = this.#filterOf(this.#chain.stream.slice(this.#chain.stream.indexOf(step) + 1));
    if (!filter) return new KnownStream(events);
    const passed: CanonicalEvent[] = [];
    for (const event of events) passed.push(...(await filter.push(event)));
    return new KnownStream(passed);
  }

  /** Whether a target may be tried after a failure; undefined: as usual. */
  mayTry(target: RouteTarget, failure: UpstreamFailure): boolean | undefined {
    for (const step of this.#chain.mayTry) {
      const verdict = this.#applies(step) ? step.policy.mayTry?.(this, target, failure) : undefined;
      if (verdict !== undefined) return verdict;
    }
    return undefined;
  }

  /** A request may be routed more than once: what policies chose then does not bind them. */
  route(choice: RouteChoice): void {
    const call = this.#bodyCall;
    if (!call) return;
    this.#wish ??= { provider: this.metadata.get(SELECTED_PROVIDER) };
    if (this.#wish.provider === undefined) this.metadata.delete(SELECTED_PROVIDER);
    else this.metadata.set(SELECTED_PROVIDER, this.#wish.provider);
    for (const step of this.#chain.route) if (this.#applies(step)) step.policy.onRoute?.(call, choice);
  }

  attempted(target: RouteTarget, failed: boolean): void {
    for (const step of this.#chain.attempt) if (this.#applies(step)) step.policy.onAttempt?.(this, target, failed);
  }

  /** A whole answer in the caller's dialect, as it leaves; or what is answered instead. A promise only where a policy has to wait. */
  answer(body: Buffer): GovernedAnswer | Promise<GovernedAnswer> {
    const steps = this.#chain.answer;
    if (!steps.some((step) => this.#applies(step))) return { body };
    const json = parseFaithfully(body.toString('utf8')) as JsonObject;
    const leave = ({ changed, refusal }: Governed): GovernedAnswer => ({
      body: changed ? Buffer.from(JSON.stringify(json)) : body,
      ...(refusal && { refusal }),
    });
    const governed = this.#govern(json, steps);
    return governed instanceof Promise ? governed.then(leave) : leave(governed);
  }

  /** Lets policies see an answer, and change it in place. */
  #govern(json: JsonObject, steps: readonly PolicyStep[], before = false): Governed | Promise<Governed> {
    let changed = before;
    for (const [index, step] of steps.entries()) {
      const verdict = this.#applies(step) ? (step.policy.onAnswer?.(this, json) ?? false) : false;
      if (verdict instanceof Promise) {
        return verdict.then((found) =>
          typeof found === 'boolean'
            ? this.#govern(json, steps.slice(index + 1), changed || found)
            : { changed: false, refusal: found },
        );
      }
      if (typeof verdict !== 'boolean') return { changed: false, refusal: verdict };
      changed ||= verdict;
    }
    return { changed };
  }

  /** What stands between a stream's events and the caller; null when nothing does. */
  createStreamFilter(): StreamFilter | null {
    return this.#filterOf(this.#chain.stream);
  }

  #filterOf(steps: readonly PolicyStep[]): StreamFilter | null {
    const filters = steps.flatMap((step) => {
      const filter = this.#applies(step) ? step.policy.createStreamFilter?.(this) : undefined;
      return filter ? [filter] : [];
    });
    return filters.length === 0 ? null : chainFilters(filters);
  }

  ended(end: AnswerEnd): void {
    for (const step of this.#chain.end) if (this.#applies(step)) step.policy.onEnd?.(this, end);
  }

  /** `kept`: what no policy may take off or replace, in lower case: the provider's credential. */
  editUpstreamHeaders(headers: HeaderList, kept?: string): void {
    if (this.upstreamHeaders.size === 0) return;
    if (kept === undefined || !this.upstreamHeaders.has(kept)) editHeaders(headers, this.upstreamHeaders);
    else editHeaders(headers, new Map([...this.upstreamHeaders].filter(([name]) => name !== kept)));
  }

  editAnswerHeaders(headers: HeaderList): void {
    if (this.answerHeaders.size > 0) editHeaders(headers, this.answerHeaders);
    for (const step of this.#chain.answerHead) if (this.#applies(step)) step.policy.onAnswerHead?.(this, headers);
  }

  #applies({ condition }: PolicyStep): boolean {
    return condition === null || condition(conditionInput(this.context, this.metadata));
  }
}

class ParsedBodyCall implements BodyCall {
  readonly facts: RequestFacts;
  changed = false;
  readonly #run: PolicyRun;
  readonly #body: Buffer;
  #json: JsonObject | null = null;

  constructor(run: PolicyRun, facts: RequestFacts, body: Buffer) {
    this.#run = run;
    this.facts = facts;
    this.#body = body;
  }

  get context(): RequestContext {
    return this.#run.context;
  }

  get metadata(): Map<string, string> {
    return this.#run.metadata;
  }

  get upstreamHeaders(): Map<string, string | null> {
    return this.#run.upstreamHeaders;
  }

  get answerHeaders(): Map<string, string | null> {
    return this.#run.answerHeaders;
  }

  get bytes(): Buffer {
    return this.#body;
  }

  get json(): JsonObject {
    this.#json ??= parseFaithfully(this.#body.toString('utf8')) as JsonObject;
    return this.#json;
  }

  markChanged(): void {
    this.changed = true;
  }
}
