import type { ConditionInput } from '@penstock/policies';
import { type CanonicalEvent, type JsonObject, parseFaithfully, type RequestFacts } from '@penstock/dialects';
import type { RouteTarget } from '@penstock/routing';
import type { AnswerEnd } from '../dispatch/relay.ts';
import type { Surface } from '../endpoints/surfaces/surface.ts';
import type { RequestContext } from '../http/request-context.ts';
import type { HeaderList } from '../http/write-response.ts';
import type { LimitSet } from '../config/limit-set.ts';
import type { UpstreamFailure } from '../upstream/upstream-failure.ts';
import { editHeaders } from './edit-headers.ts';
import type { BodyCall, HeadCall, PolicyAnswer, RouteChoice, ShownCredential, StreamFilter } from './policy.ts';
import type { PolicyChain, PolicyStep } from './policy-chain.ts';

/** A body that went through the policies: as it came, or as they made it; or what they answer instead. */
export interface ReadBody {
  readonly answer?: PolicyAnswer;
  readonly body: Buffer;
  readonly facts: RequestFacts;
}

/** One request on its way through the policies of its operation. */
export class PolicyRun implements HeadCall {
  readonly context: RequestContext;
  readonly metadata = new Map<string, string>();
  readonly upstreamHeaders = new Map<string, string | null>();
  readonly answerHeaders = new Map<string, string | null>();
  maxBodyBytes = Infinity;
  credential: ShownCredential | null = null;
  readonly #chain: PolicyChain;
  #bodyCall: BodyCall | null = null;

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

  head(): PolicyAnswer | undefined {
    for (const step of this.#chain.head) {
      const answer = this.#applies(step) ? step.policy.onHead?.(this) : undefined;
      if (answer) return answer;
    }
    return undefined;
  }

  /** Throws GatewayError when a body that was changed cannot be read any more. */
  async body(surface: Surface, facts: RequestFacts, body: Buffer): Promise<ReadBody> {
    const call = new ParsedBodyCall(this, facts, body);
    this.#bodyCall = call;
    for (const step of this.#chain.body) {
      if (!this.#applies(step)) continue;
      const answer = await step.policy.onBody?.(call);
      if (answer) return { answer, body, facts };
    }
    if (!call.changed) return { body, facts };
    const changed = Buffer.from(JSON.stringify(call.json));
    const changedFacts = surface.scan(changed, this.context);
    this.#bodyCall = new ParsedBodyCall(this, changedFacts, changed);
    return { body: changed, facts: changedFacts };
  }

  /** All limits of the operation: `access`, which the key meets at this proxy, and those of policies. */
  limits(access: LimitSet): LimitSet {
    const { key } = this.context;
    return this.#chain.limitsFor(key, access, (step) => this.#applies(step));
  }

  /** An answer that is there already, as it leaves. */
  async lookUp(): Promise<{ readonly body: Buffer; readonly refusal?: PolicyAnswer } | undefined> {
    const call = this.#bodyCall;
    if (!call) return undefined;
    for (const step of this.#chain.lookUp) {
      const found = this.#applies(step) ? await step.policy.onLookUp?.(call) : undefined;
      // Those that stand behind it have seen the answer when it was new.
      if (!found) continue;
      const { refusal } = this.#govern(found, this.#chain.answer.slice(this.#chain.answer.indexOf(step) + 1));
      return { body: Buffer.from(JSON.stringify(found)), ...(refusal && { refusal }) };
    }
    return undefined;
  }

  /** Whether a target may be tried after a failure; undefined: as usual. */
  mayTry(target: RouteTarget, failure: UpstreamFailure): boolean | undefined {
    for (const step of this.#chain.mayTry) {
      const verdict = this.#applies(step) ? step.policy.mayTry?.(this, target, failure) : undefined;
      if (verdict !== undefined) return verdict;
    }
    return undefined;
  }

  route(choice: RouteChoice): void {
    const call = this.#bodyCall;
    if (!call) return;
    for (const step of this.#chain.route) if (this.#applies(step)) step.policy.onRoute?.(call, choice);
  }

  attempted(target: RouteTarget, failed: boolean): void {
    for (const step of this.#chain.attempt) if (this.#applies(step)) step.policy.onAttempt?.(this, target, failed);
  }

  /** A whole answer in the caller's dialect, as it leaves; or what is answered instead. */
  answer(body: Buffer): { readonly body: Buffer; readonly refusal?: PolicyAnswer } {
    const steps = this.#chain.answer;
    if (!steps.some((step) => this.#applies(step))) return { body };
    const json = parseFaithfully(body.toString('utf8')) as JsonObject;
    const { changed, refusal } = this.#govern(json, steps);
    return { body: changed ? Buffer.from(JSON.stringify(json)) : body, ...(refusal && { refusal }) };
  }

  /** Lets policies see an answer, and change it in place. */
  #govern(
    json: JsonObject,
    steps: readonly PolicyStep[],
  ): { readonly changed: boolean; readonly refusal?: PolicyAnswer } {
    let changed = false;
    for (const step of steps) {
      const verdict = this.#applies(step) ? (step.policy.onAnswer?.(this, json) ?? false) : false;
      if (typeof verdict !== 'boolean') return { changed: false, refusal: verdict };
      changed ||= verdict;
    }
    return { changed };
  }

  /** What stands between a stream's events and the caller; null when nothing does. */
  createStreamFilter(): StreamFilter | null {
    const filters = this.#chain.stream.flatMap((step) => {
      const filter = this.#applies(step) ? step.policy.createStreamFilter?.(this) : undefined;
      return filter ? [filter] : [];
    });
    if (filters.length === 0) return null;
    return {
      push: (event) =>
        filters.reduce<readonly CanonicalEvent[]>(
          (events, filter) => events.flatMap((one) => filter.push(one)),
          [event],
        ),
    };
  }

  ended(end: AnswerEnd): void {
    for (const step of this.#chain.end) if (this.#applies(step)) step.policy.onEnd?.(this, end);
  }

  editUpstreamHeaders(headers: HeaderList): void {
    if (this.upstreamHeaders.size > 0) editHeaders(headers, this.upstreamHeaders);
  }

  editAnswerHeaders(headers: HeaderList): void {
    if (this.answerHeaders.size > 0) editHeaders(headers, this.answerHeaders);
    for (const step of this.#chain.answerHead) if (this.#applies(step)) step.policy.onAnswerHead?.(this, headers);
  }

  #applies({ condition }: PolicyStep): boolean {
    return condition === null || condition(this.#conditionInput());
  }

  #conditionInput(): ConditionInput {
    const { request, proxy, route } = this.context;
    return {
      request: {
        Method: request.method ?? '',
        Path: route?.template ?? '',
        Headers: valuesOf(request.headers),
        Metadata: Object.fromEntries(this.metadata),
      },
      api: { Name: proxy?.name ?? '', Context: proxy?.context ?? '' },
    };
  }
}

function valuesOf(headers: RequestContext['request']['headers']): Record<string, readonly string[]> {
  const values: Record<string, readonly string[]> = Object.create(null) as Record<string, readonly string[]>;
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) values[name] = typeof value === 'string' ? [value] : value;
  }
  return values;
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
