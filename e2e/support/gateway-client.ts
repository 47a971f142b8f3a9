/** `usage` as OpenAI reports it. */
export interface ReportedUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
}

export interface ToolCall {
  readonly id?: string;
  readonly function: { readonly name?: string; readonly arguments: string };
}

/** A chat completion, as far as tests look at it. */
export interface ChatCompletion {
  readonly id: string;
  readonly object: string;
  readonly choices: readonly {
    readonly message: {
      readonly role: string;
      readonly content: string | null;
      readonly tool_calls?: readonly ToolCall[];
    };
    readonly finish_reason: string;
  }[];
  readonly usage: ReportedUsage;
}

/** One event of a streamed chat completion. */
export interface ChatChunk {
  readonly object: string;
  readonly choices: readonly {
    readonly delta: { readonly content?: string | null; readonly tool_calls?: readonly ToolCall[] };
    readonly finish_reason: string | null;
  }[];
  readonly usage?: ReportedUsage | null;
  readonly error?: { readonly message: string };
}

/** OpenAI's error body. */
export interface ErrorAnswer {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly code: string;
    readonly param: string | null;
  };
}

/** What a chat request may say beyond its messages. */
export interface ChatOptions {
  readonly model?: string;
  readonly stream?: boolean;
  readonly signal?: AbortSignal;
  readonly [parameter: string]: unknown;
}

const TIMEOUT_MS = 20_000;

/** An application that calls the gateway with plain HTTP. */
export class GatewayClient {
  readonly baseUrl: string;
  readonly #key: string;

  /** `baseUrl`: with `/v1`. */
  constructor(baseUrl: string, key: string) {
    this.baseUrl = baseUrl;
    this.#key = key;
  }

  get(path: string): Promise<Response> {
    return fetch(`${this.baseUrl}${path}`, { headers: this.#headers(), signal: AbortSignal.timeout(TIMEOUT_MS) });
  }

  /** Sends text as it stands and anything else as JSON. */
  post(path: string, body: unknown, signal = AbortSignal.timeout(TIMEOUT_MS)): Promise<Response> {
    return fetch(`${this.baseUrl}${path}`, {
      method: 'POST',
      headers: this.#headers({ 'content-type': 'application/json' }),
      body: typeof body === 'string' ? body : JSON.stringify(body),
      signal,
    });
  }

  /** One user message; the model `chat` unless another is named. */
  chat(content: string, { signal, ...options }: ChatOptions = {}): Promise<Response> {
    return this.post('/chat/completions', { model: 'chat', messages: [{ role: 'user', content }], ...options }, signal);
  }

  /** The completion of a chat that must succeed. */
  async complete(content: string, options: ChatOptions = {}): Promise<ChatCompletion> {
    const response = await this.chat(content, options);
    const text = await response.text();
    if (response.status !== 200) throw new Error(`The chat was answered ${response.status}: ${text}`);
    return JSON.parse(text) as ChatCompletion;
  }

  #headers(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    return { authorization: `Bearer ${this.#key}`, ...more };
  }
}
