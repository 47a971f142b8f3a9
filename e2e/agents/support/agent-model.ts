import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface ChatMessage {
  readonly role: string;
  readonly content: unknown;
  readonly tool_calls?: readonly { readonly id: string }[];
  readonly tool_call_id?: string;
}

export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
  readonly stream?: boolean;
}

/** The word that the agent's shell prints when the tool call worked. */
export const PROOF = 'penstock-proof-4711';
/** The word itself does not stand in it, so that only running it can print the word. */
const COMMAND = 'printf penstock-%s-%s proof 4711';

/** How each agent's shell tool is called. */
const SHELLS: Readonly<Record<string, object>> = {
  Bash: { command: COMMAND, description: 'Prints a word' },
  exec_command: { cmd: COMMAND },
  shell_command: { command: COMMAND },
  shell: { command: ['bash', '-lc', COMMAND] },
};

/**
 * An OpenAI-compatible upstream with the smallest mind that an agent can use: asked to use a tool, it runs the shell tool that
 * it is offered; shown the result, it repeats it; else it says hello. It keeps what it received.
 */
export class AgentModel {
  readonly received: ChatRequest[] = [];
  readonly #server = http.createServer((request, response) => void this.#answer(request, response));

  static async start(): Promise<AgentModel> {
    const model = new AgentModel();
    model.#server.listen(0, '127.0.0.1');
    await once(model.#server, 'listening');
    return model;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as ChatRequest;
    this.received.push(body);
    const delta = nextStep(body);
    if (body.stream) writeStream(response, body.model, delta);
    else writeWhole(response, body.model, delta);
  }
}

type Step = { readonly content: string } | { readonly content: null; readonly tool_calls: readonly object[] };

function nextStep({ messages, tools = [] }: ChatRequest): Step {
  const last = messages.at(-1);
  if (last?.role === 'tool') return { content: `The tool said: ${textOf(last.content)}` };
  const shell = tools.map(({ function: { name } }) => name).find((name) => name in SHELLS);
  const asked = messages.some(({ role, content }) => role === 'user' && textOf(content).includes('use your shell'));
  const called = messages.some(({ role }) => role === 'tool');
  if (!shell || !asked || called) return { content: 'Hello from the model.' };
  const call = { name: shell, arguments: JSON.stringify(SHELLS[shell]) };
  return { content: null, tool_calls: [{ index: 0, id: 'call_abcdefghi', type: 'function', function: call }] };
}

function textOf(content: unknown): string {
  return typeof content === 'string' ? content : JSON.stringify(content);
}

const USAGE = { prompt_tokens: 21, completion_tokens: 9, total_tokens: 30 };
const reasonOf = (step: Step): string => (step.content === null ? 'tool_calls' : 'stop');

function writeStream(response: ServerResponse, model: string, step: Step): void {
  const head = { id: 'chatcmpl-agent', object: 'chat.completion.chunk', created: 1, model };
  const send = (choices: object[], rest: object = {}): void => {
    response.write(`data: ${JSON.stringify({ ...head, choices, ...rest })}\n\n`);
  };
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  send([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]);
  send([{ index: 0, delta: step, finish_reason: null }]);
  send([{ index: 0, delta: {}, finish_reason: reasonOf(step) }]);
  send([], { usage: USAGE });
  response.end('data: [DONE]\n\n');
}

function writeWhole(response: ServerResponse, model: string, step: Step): void {
  const choices = [{ index: 0, message: { role: 'assistant', ...step }, finish_reason: reasonOf(step) }];
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify({ id: 'chatcmpl-agent', object: 'chat.completion', created: 1, model, choices, usage: USAGE }),
  );
}
