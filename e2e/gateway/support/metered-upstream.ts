import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { chunk, json, type ReceivedRequest } from './scripted-upstream.ts';

/** Micro-USD for a token, as the prices of test configs say. */
const INPUT_PRICE = 1;
const OUTPUT_PRICE = 2;
/** What is generated where nobody bounds it. */
const UNBOUNDED_TOKENS = 100_000;

/** What one request really cost. */
interface LedgerLine {
  readonly input: number;
  readonly output: number;
}

/** An upstream that keeps its own books: what it says that it was used is the truth that limits are held to. */
export class MeteredAnswers {
  readonly lines: LedgerLine[] = [];
  readonly #outputOf: (bound: number) => number;

  /** `outputOf`: how many tokens are generated within a bound; all of them where it is left out. */
  constructor(outputOf: (bound: number) => number = (bound) => bound) {
    this.#outputOf = outputOf;
  }

  get costMicroUsd(): number {
    return this.lines.reduce((sum, { input, output }) => sum + input * INPUT_PRICE + output * OUTPUT_PRICE, 0);
  }

  get tokens(): number {
    return this.lines.reduce((sum, { input, output }) => sum + input + output, 0);
  }

  readonly script = async (request: ReceivedRequest, response: ServerResponse): Promise<void> => {
    const bound: number = request.json.max_completion_tokens ?? request.json.max_tokens ?? UNBOUNDED_TOKENS;
    const line = { input: Math.ceil(Buffer.byteLength(request.text) / 3), output: this.#outputOf(bound) };
    this.lines.push(line);
    const usage = { prompt_tokens: line.input, completion_tokens: line.output, total_tokens: line.input + line.output };
    if (request.json.stream === true) return stream(response, usage);
    const choices = [{ index: 0, message: { role: 'assistant', content: 'x' }, finish_reason: 'stop' }];
    json(response, { id: 'c', object: 'chat.completion', created: 1, model: 'm', choices, usage });
  };
}

async function stream(response: ServerResponse, usage: object): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(chunk('a'));
  await delay(20);
  response.write(chunk('b', 'stop'));
  const last = { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [], usage };
  response.end(`data: ${JSON.stringify(last)}\n\ndata: [DONE]\n\n`);
}
