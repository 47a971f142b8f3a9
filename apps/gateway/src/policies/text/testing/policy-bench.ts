import type { CanonicalEvent, JsonObject } from '@penstock/dialects';
import { createLogger } from '@penstock/telemetry';
import type { RequestContext } from '../../../http/request-context.ts';
import type { BodyCall, Policy, PolicyAnswer, PolicyCall } from '../../policy.ts';
import type { PolicyFactory, PolicyIntervention, PolicyServices } from '../../policy-factory.ts';

interface StreamOutcome {
  readonly events: readonly CanonicalEvent[];
  readonly error: string | null;
}

/** One request through one policy, without a gateway around it. */
export class PolicyBench {
  readonly interventions: PolicyIntervention[] = [];
  readonly policy: Policy;
  readonly #dialect: string;
  #context: RequestContext | null = null;

  constructor(factory: PolicyFactory, params: unknown, dialect = 'openai-chat', more: Partial<PolicyServices> = {}) {
    const owner = { organizationId: 'o', proxyId: 'p', proxyName: 'proxy', place: '' };
    const services = {
      logger: createLogger({ name: 'test', level: 'silent' }),
      countIntervention: (intervention: PolicyIntervention) => this.interventions.push(intervention),
      ...more,
    } as unknown as PolicyServices;
    this.policy = factory.create(factory.definition.params.parse(params) as never, owner, services);
    this.#dialect = dialect;
  }

  /** The body as it goes upstream, or what is answered instead. */
  async request(
    body: object,
  ): Promise<{ readonly body: JsonObject; readonly changed: boolean; readonly answer: unknown }> {
    const context = { requestId: 'r', route: { endpoint: { surface: { dialect: this.#dialect } } } };
    this.#context = context as unknown as RequestContext;
    let changed = false;
    const json = JSON.parse(JSON.stringify(body)) as JsonObject;
    const call = { context: this.#context, json, markChanged: () => (changed = true) } as unknown as BodyCall;
    const answer = await this.policy.onBody?.(call);
    return { body: json, changed, answer: answer && read(answer) };
  }

  /** A whole answer as it leaves, or what is answered instead. */
  answer(body: object): unknown {
    const json = JSON.parse(JSON.stringify(body)) as JsonObject;
    const verdict = this.policy.onAnswer?.(this.#call, json) ?? false;
    if (verdict instanceof Promise) throw new TypeError('this policy waits');
    return typeof verdict === 'boolean' ? json : read(verdict);
  }

  /** The same of a policy that may wait. */
  async answerInTime(body: object): Promise<unknown> {
    const json = JSON.parse(JSON.stringify(body)) as JsonObject;
    const verdict = (await this.policy.onAnswer?.(this.#call, json)) ?? false;
    return typeof verdict === 'boolean' ? json : read(verdict);
  }

  /** The events of a stream as they leave; `error` when a policy ended it. */
  stream(events: readonly CanonicalEvent[]): StreamOutcome {
    const filter = this.policy.createStreamFilter?.(this.#call);
    if (!filter) return { events, error: null };
    const passed: CanonicalEvent[] = [];
    try {
      for (const event of events) {
        const found = filter.push(event);
        if (found instanceof Promise) throw new TypeError('this policy waits');
        passed.push(...found);
      }
      return { events: passed, error: null };
    } catch (error) {
      return { events: passed, error: error instanceof Error ? error.message : 'failed' };
    }
  }

  /** The same of a policy that may wait. */
  async streamInTime(events: readonly CanonicalEvent[]): Promise<StreamOutcome> {
    const filter = this.policy.createStreamFilter?.(this.#call);
    if (!filter) return { events, error: null };
    const passed: CanonicalEvent[] = [];
    try {
      for (const event of events) passed.push(...(await filter.push(event)));
      return { events: passed, error: null };
    } catch (error) {
      return { events: passed, error: error instanceof Error ? error.message : 'failed' };
    }
  }

  get #call(): PolicyCall {
    return { context: this.#context ?? { requestId: 'r' } } as PolicyCall;
  }
}

/** A streamed answer that says pieces of text, one after the other. */
export function spoken(...pieces: readonly string[]): readonly CanonicalEvent[] {
  return [
    { type: 'start', id: 'a', model: 'm' },
    ...pieces.map((text): CanonicalEvent => ({ type: 'text', key: 't', text })),
    { type: 'part-end', key: 't' },
    { type: 'finish', finish: { reason: 'stop' } },
    { type: 'end' },
  ];
}

/** What the events of one type say, put together. */
export function textIn(events: readonly CanonicalEvent[], type: CanonicalEvent['type'] = 'text'): string {
  return events.map((event) => (event.type === type && 'text' in event ? event.text : '')).join('');
}

function read({ status, body }: PolicyAnswer): unknown {
  return { status, body: JSON.parse(body.toString('utf8')) as unknown };
}
