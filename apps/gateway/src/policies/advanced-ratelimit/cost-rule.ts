import { type AdvancedRateLimit, MAX_LIMIT_AMOUNT } from '@penstock/contracts';
import type { JsonObject } from '@penstock/dialects';
import { compileNumber, JsonPath } from '@penstock/policies';
import type { Consumption } from '@penstock/rate-limiting';
import type { z } from 'zod';
import type { RequestContext } from '../../http/request-context.ts';
import { conditionInput } from '../condition-input.ts';
import type { BodyCall, PolicyCall } from '../policy.ts';
import type { LimitMeasure } from '../policy-limit.ts';
import { meteredSource } from './metered-source.ts';
import { readNumber } from './read-number.ts';

type Quota = z.output<typeof AdvancedRateLimit.params>['quotas'][number];
type CostExtraction = NonNullable<Quota['costExtraction']>;
type CostSource = NonNullable<CostExtraction['sources']>[number];

/** More than any limit can give, and still a whole number that Redis' Lua holds exactly. */
const BEYOND_ANY_LIMIT = MAX_LIMIT_AMOUNT + 1;
/** What a product of decimal fractions may be off by. */
const ROUNDING = 1e-9;

type Found = number | null;

/** What a request costs a limit: the sum of what its sources say, or the default where none says anything. */
export class CostRule {
  readonly #default: number;
  /** Of the request; known before it runs. */
  readonly #asked: readonly ((call: BodyCall) => Found)[] = [];
  /** What the gateway meters. */
  readonly #metered: readonly ((consumption: Consumption) => Found)[] = [];
  /** Of the answer. */
  readonly #answered: readonly ((call: PolicyCall) => Found)[] = [];
  readonly #answerPaths: JsonPath[] = [];
  readonly #read = new WeakMap<RequestContext, readonly Found[]>();

  constructor({ sources = [], default: otherwise }: CostExtraction) {
    this.#default = otherwise;
    const [asked, metered, answered] = [[...this.#asked], [...this.#metered], [...this.#answered]];
    for (const source of sources) {
      const weigh = (found: Found): Found => (found === null ? null : Math.max(0, found) * source.multiplier);
      const ofMeter = meteredSource(source);
      const ofRequest = ofMeter ? null : requestSource(source);
      if (ofMeter) metered.push((consumption) => weigh(ofMeter(consumption)));
      else if (ofRequest) asked.push((call) => weigh(ofRequest(call)));
      else answered.push(this.#answerSource(source, weigh));
    }
    [this.#asked, this.#metered, this.#answered] = [asked, metered, answered];
  }

  /** Whether the cost stands in whole answers, so that they have to be read. */
  get readsAnswers(): boolean {
    return this.#answerPaths.length > 0;
  }

  /** A whole answer is there. */
  read({ context }: PolicyCall, answer: JsonObject): void {
    this.#read.set(
      context,
      this.#answerPaths.map((path) => readNumber(path.places(answer)[0]?.value)),
    );
  }

  /** How one request is measured. What it says itself counts exactly; what only its answer says is held as far as it is probable. */
  measure(call: BodyCall): LimitMeasure {
    const asked = this.#asked.map((read) => read(call));
    const isKnown = this.#metered.length + this.#answered.length === 0;
    return {
      isExact: isKnown,
      held: (probable, largest) => {
        if (isKnown) return this.#sum(asked);
        const held = this.#sum([...asked, ...this.#metered.map((read) => read(probable)), 0]);
        return Math.min(largest, Math.max(1, held));
      },
      used: (spent) =>
        this.#sum([
          ...asked,
          ...spent.flatMap((consumption) => this.#metered.map((read) => read(consumption))),
          ...this.#answered.map((read) => read(call)),
        ]),
    };
  }

  /** A part of one counts as a whole one. */
  #sum(found: readonly Found[]): number {
    const values = found.filter((value) => value !== null);
    const sum = values.length === 0 ? this.#default : values.reduce((total, value) => total + value, 0);
    return Math.max(0, Math.min(Math.ceil(sum - ROUNDING), BEYOND_ANY_LIMIT));
  }

  #answerSource(source: CostSource, weigh: (found: Found) => Found): (call: PolicyCall) => Found {
    if (source.type === 'response_header') {
      const name = String(source.key).toLowerCase();
      return ({ context }) => weigh(readNumber(context.upstreamAnswerHeaders?.[name]));
    }
    if (source.type === 'response_metadata')
      return ({ metadata }) => weigh(readNumber(metadata.get(String(source.key))));
    if (source.type !== 'response_body') throw new TypeError(`a cost cannot be read from ${source.type}`);
    const place = this.#answerPaths.push(new JsonPath(source.jsonPath)) - 1;
    return ({ context }) => weigh(this.#read.get(context)?.[place] ?? null);
  }
}

function requestSource(source: CostSource): ((call: BodyCall) => Found) | null {
  switch (source.type) {
    case 'request_header': {
      const name = source.key.toLowerCase();
      return ({ context }) => readNumber(context.request.headers[name]);
    }
    case 'request_metadata':
      return ({ metadata }) => readNumber(metadata.get(source.key));
    case 'request_body': {
      const path = new JsonPath(source.jsonPath);
      return ({ json }) => readNumber(path.places(json)[0]?.value);
    }
    case 'request_cel': {
      const evaluate = compileNumber(source.expression);
      return ({ context, metadata }) => evaluate(conditionInput(context, metadata));
    }
    default:
      return null;
  }
}
