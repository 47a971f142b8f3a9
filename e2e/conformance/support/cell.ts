import { expect } from '@jest/globals';
import type { TokenUsage, VendorLedgerEntry } from '@penstock/testing';
import type { BrokenStream, Caller, Thinking } from './caller.ts';
import { type ConformanceWorld, modelOf, type Scenario } from './conformance-world.ts';
import type { Answer, Question } from './conversation.ts';
import { type Route, routeOf, type Upstream } from './upstream.ts';

type Asked = Omit<Question, 'model'>;

/** A caller and an upstream: what every feature is tried with. */
export class Cell {
  readonly caller: Caller;
  readonly upstream: Upstream;
  readonly route: Route;
  readonly #world: ConformanceWorld;

  constructor(world: ConformanceWorld, caller: Caller, upstream: Upstream) {
    this.#world = world;
    this.caller = caller;
    this.upstream = upstream;
    this.route = routeOf(upstream, caller.name);
  }

  get thinking(): Thinking {
    return this.route.thinking ?? this.caller.thinking;
  }

  question(scenario: Scenario, asked: Asked): Question {
    return { ...asked, model: modelOf(this.caller.name, this.upstream, scenario) };
  }

  /** Asks, and checks what holds for every answer: the vendor took the request, and the tokens that are told are those it counted. */
  async ask(scenario: Scenario, asked: Asked): Promise<Answer> {
    return this.follow(this.question(scenario, asked));
  }

  async follow(question: Question): Promise<Answer> {
    const answer = await this.caller.ask(question);
    const entry = this.received(answer);
    expect(entry.path).toMatch(this.route.asked);
    expect(entry.streamed).toBe(question.stream);
    expect([question.model, entry.model]).toContain(answer.model);
    this.#checkUsage(answer, entry.usage);
    this.#world.shapes.add(this, question, answer);
    return answer;
  }

  read(scenario: Scenario, asked: Asked): Promise<BrokenStream> {
    return this.caller.read(this.question(scenario, asked));
  }

  /** What the vendor received for an answer: one request, in which it finds no fault. */
  received({ requestId }: Pick<Answer, 'requestId'>): VendorLedgerEntry {
    const entries = this.#world.received(requestId);
    expect(entries.map(({ violations }) => violations)).toEqual([[]]);
    const [entry] = entries;
    if (!entry) throw new Error('the vendor received nothing');
    return entry;
  }

  #checkUsage({ requestId, usage: told }: Answer, truth: TokenUsage | null): void {
    if (!truth) throw new Error('the vendor counted nothing');
    const cachedInput = truth.cacheRead;
    const input = truth.inputUncached + cachedInput + truth.cacheWrite;
    expect(told).toMatchObject({ input, cachedInput, output: truth.output });
    const reasoning = this.route.countsThoughts ? truth.reasoning : 0;
    expect(told.reasoning ?? 0).toBe(reasoning);
    this.#world.truths.set(requestId, {
      inputTokens: input,
      outputTokens: truth.output,
      cachedInputTokens: cachedInput,
      reasoningTokens: reasoning,
      ...(this.route.countsCacheWrites && truth.cacheWrite > 0 && { cacheWriteTokens: truth.cacheWrite }),
    });
  }
}
