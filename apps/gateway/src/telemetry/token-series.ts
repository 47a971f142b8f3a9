import type { TokenUsage } from '@penstock/contracts';
import type { CounterSeries } from '@penstock/telemetry';

/** Tokens and cost of one model at one provider. */
export class TokenSeries {
  readonly #input: CounterSeries;
  readonly #output: CounterSeries;
  readonly #cachedInput: CounterSeries;
  readonly #reasoning: CounterSeries;
  readonly #cost: CounterSeries;

  /** `tokens` gives the series of a kind of token. */
  constructor(tokens: (kind: string) => CounterSeries, cost: CounterSeries) {
    this.#input = tokens('input');
    this.#output = tokens('output');
    this.#cachedInput = tokens('cached-input');
    this.#reasoning = tokens('reasoning');
    this.#cost = cost;
  }

  add(usage: TokenUsage, costMicroUsd: number | null): void {
    this.#input.inc(usage.inputTokens);
    this.#output.inc(usage.outputTokens);
    if (usage.cachedInputTokens > 0) this.#cachedInput.inc(usage.cachedInputTokens);
    if (usage.reasoningTokens > 0) this.#reasoning.inc(usage.reasoningTokens);
    if (costMicroUsd !== null) this.#cost.inc(costMicroUsd);
  }
}
