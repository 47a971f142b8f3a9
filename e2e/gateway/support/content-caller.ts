import type { GatewayProcess } from './gateway-process.ts';

/** In whose dialect is asked. */
export type Caller = 'chat' | 'anthropic';

interface AskOptions {
  readonly stream?: boolean;
  readonly system?: string;
  readonly tools?: readonly { readonly name: string; readonly parameters: object }[];
}

interface Answer {
  readonly status: number;
  /** The whole body where it is JSON. */
  readonly json: unknown;
  /** What the model says. */
  readonly text: string;
  /** The arguments of its tool calls, as JSON text. */
  readonly argumentsText: string;
  /** The stream ended with its success marker. */
  readonly completed: boolean;
  /** The stream ended with an error frame. */
  readonly failed: boolean;
}

interface Delta {
  readonly content?: string | null;
  readonly tool_calls?: readonly { readonly function?: { readonly arguments?: string } }[];
  readonly text?: string;
  readonly partial_json?: string;
}
interface Frame {
  readonly type?: string;
  readonly error?: unknown;
  readonly choices?: readonly { readonly delta?: Delta; readonly message?: Delta }[];
  readonly delta?: Delta;
  readonly content?: readonly Delta[];
}

/** Says one thing to a model through the gateway, in either dialect, and reads what it answers. */
export class ContentCaller {
  readonly #gateway: GatewayProcess;
  readonly #key: string;

  constructor(gateway: GatewayProcess, key: string) {
    this.#gateway = gateway;
    this.#key = key;
  }

  async ask(caller: Caller, proxy: string, content: string, options: AskOptions = {}): Promise<Answer> {
    const path = caller === 'chat' ? 'chat/completions' : 'messages';
    const body = caller === 'chat' ? chatBody(content, options) : anthropicBody(content, options);
    const response = await this.post(`/${proxy}/v1/${path}`, body);
    const { status } = response;
    const raw = await response.text();
    if (!raw.includes('data: ')) return { ...read([JSON.parse(raw) as Frame]), status, json: JSON.parse(raw) };
    const data = raw.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice('data: '.length)] : []));
    const frames = data.filter((text) => text !== '[DONE]').map((text) => JSON.parse(text) as Frame);
    const completed = data.includes('[DONE]') || frames.some(({ type }) => type === 'message_stop');
    const failed = frames.some(({ error }) => error !== undefined);
    return { ...read(frames), status, json: null, completed, failed };
  }

  post(pathname: string, body: object): Promise<Response> {
    return this.#gateway.post(pathname, this.#key, body);
  }
}

function chatBody(content: string, { stream = false, system, tools }: AskOptions): object {
  const first = system === undefined ? [] : [{ role: 'system', content: system }];
  const messages = [...first, { role: 'user', content }];
  return {
    model: 'm',
    stream,
    messages,
    ...(tools && { tools: tools.map((own) => ({ type: 'function', function: own })) }),
  };
}

function anthropicBody(content: string, { stream = false, system, tools }: AskOptions): object {
  const own = tools?.map(({ name, parameters }) => ({ name, input_schema: parameters }));
  const messages = [{ role: 'user', content }];
  return { model: 'm', max_tokens: 100, stream, messages, ...(system && { system }), ...(own && { tools: own }) };
}

function read(frames: readonly Frame[]) {
  const deltas = frames.flatMap(({ choices = [], delta, content }): readonly Delta[] => [
    ...choices.map((choice) => choice.delta ?? choice.message ?? {}),
    ...(delta ? [delta] : []),
    ...(Array.isArray(content) ? (content as readonly Delta[]) : []),
  ]);
  const text = deltas.map((delta) => delta.content ?? delta.text ?? '').join('');
  const argumentsText = deltas
    .map(
      ({ tool_calls = [], partial_json = '' }) =>
        partial_json + tool_calls.map((call) => call.function?.arguments ?? '').join(''),
    )
    .join('');
  return { text, argumentsText, completed: false, failed: false };
}
