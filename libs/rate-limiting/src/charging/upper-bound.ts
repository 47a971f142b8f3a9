import type { SnapshotPrice } from '@penstock/contracts';
import { costOf, maxTokens } from '@penstock/usage';
import type { Consumption } from './estimate-charges.ts';
import { type WorstPrice, worstPrice } from './worst-price.ts';

/** What one candidate can give, and at what price. */
export interface BoundedCandidate {
  /** The most tokens of one answer; 0 where nothing is generated. */
  readonly outputBound: number;
  /** Undefined: unknown. */
  readonly price: SnapshotPrice | undefined;
}

/** What bounds a request. */
export interface UpperBoundTerms {
  /** UTF-8 bytes of the body. */
  readonly bytes: number;
  /** Tokens that the body only refers to. */
  readonly referenced: number;
  /** The body offers tools or asks for a format. */
  readonly hasTools: boolean;
  /** Answers that are generated. */
  readonly answers: number;
  readonly candidates: readonly BoundedCandidate[];
  /** Fewer tokens make no answer. */
  readonly leastOutput: number;
}

interface PricedBound {
  readonly outputBound: number;
  readonly price: WorstPrice;
}

/** What chat templates and default system prompts add; the JSON around a message is already more than its role costs. */
const TEMPLATE_TOKENS = 64;
/** What vendors add when there are tools: Anthropic documents up to 346, and some 500 for each kind of computer use. */
const TOOL_TOKENS = 1024;
/** What a usage event can hold. */
const MAX_TOKENS = 1_000_000_000;

/**
 * The most that a request can use, whichever of its candidates serves it. Input: a token for each byte of the body, since a
 * byte-level tokenizer makes no more, and what templates and references add. Output: a bound for each answer. What a vendor's own
 * tools read on the way (web search) is not bounded.
 */
export class UpperBound {
  readonly inputTokens: number;
  readonly answers: number;
  /** Tokens of one answer. */
  readonly outputBound: number;
  readonly leastOutput: number;
  readonly #bounds: readonly number[];
  readonly #priced: readonly PricedBound[];

  constructor(terms: UpperBoundTerms) {
    const overhead = TEMPLATE_TOKENS + (terms.hasTools ? TOOL_TOKENS : 0);
    this.inputTokens = Math.min(MAX_TOKENS, maxTokens(terms.bytes) + overhead + terms.referenced);
    this.answers = terms.answers;
    this.#bounds = terms.candidates.map(({ outputBound }) => outputBound);
    this.outputBound = Math.max(0, ...this.#bounds);
    this.leastOutput = terms.leastOutput;
    this.#priced = terms.candidates.flatMap(({ outputBound, price }) =>
      price ? [{ outputBound, price: worstPrice(price, this.inputTokens) }] : [],
    );
  }

  /** With answers of at most so many tokens; of each candidate only what it can give. */
  consumption(outputBound = this.outputBound): Consumption {
    const costs = this.#priced.map((candidate) =>
      cost(this.inputTokens, Math.min(outputBound, candidate.outputBound) * this.answers, candidate.price),
    );
    return {
      usage: { inputTokens: this.inputTokens, outputTokens: outputBound * this.answers },
      costMicroUsd: costs.length === 0 ? null : Math.max(...costs),
    };
  }

  /** Of each candidate, the most tokens of one answer where that is bounded for all of them. */
  boundsWithin(outputBound: number): readonly number[] {
    return this.#bounds.map((own) => Math.min(own, outputBound));
  }

  /** The longest answer with which no more than an amount of a unit is used; negative when there is none. */
  outputWithin(unit: string, amount: number): number {
    if (unit === 'cost') return Math.min(...this.#priced.map((candidate) => this.#outputFor(candidate, amount)));
    const input = unit === 'tokens' ? this.inputTokens : 0;
    return Math.floor((amount - input) / this.answers);
  }

  #outputFor({ outputBound, price }: PricedBound, microUsd: number): number {
    const left = microUsd - cost(this.inputTokens, 0, price);
    if (left < 0) return -1;
    if (price.output === 0) return this.outputBound;
    // One micro-USD stays for rounding.
    const affordable = Math.floor(((left - 1) * 1_000_000) / (price.output * this.answers));
    // What this candidate cannot exceed does not bound the others.
    return affordable < outputBound ? affordable : this.outputBound;
  }
}

function cost(inputTokens: number, outputTokens: number, { input, output }: WorstPrice): number {
  const usage = { inputTokens, outputTokens, cachedInputTokens: 0, reasoningTokens: 0 };
  return costOf(usage, { inputPerMillion: input, outputPerMillion: output });
}
