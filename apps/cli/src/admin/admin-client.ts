import type { z } from 'zod';
import { CliError } from '../cli-error.ts';
import { readRefusal, refusalMessage } from './refusal-message.ts';
import { RefusedError } from './refused-error.ts';

/** An answer comes within it; uploads, which take long on slow lines, have no bound of their own. */
const TIMEOUT_MS = 60_000;

/** There was a connection already. */
const BROKEN_OFF = /EPIPE|ECONNRESET|other side closed/;

export interface AdminRequest<Schema extends z.ZodType> {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`. */
  readonly path: string;
  /** What is undefined is left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: { readonly type: string; readonly content: string | ReadableStream<Uint8Array> };
  /** How long to wait for the answer; a minute where it is left out. */
  readonly timeoutMs?: number;
  /** What the answer has to be. */
  readonly answer: Schema;
}

type TextRequest = Omit<AdminRequest<z.ZodType>, 'answer'> & {
  /** What the answer shall be. */
  readonly accept?: string;
};

/** The management API of one control plane. Its failures are `CliError`s that say what can be done. */
export class AdminClient {
  readonly server: URL;
  readonly tokenSource: string;
  readonly #token: string;

  /** `tokenSource`: where the token came from, for messages. */
  constructor(server: URL, token: string, tokenSource = 'PENSTOCK_TOKEN') {
    this.server = server;
    this.#token = token;
    this.tokenSource = tokenSource;
  }

  async send<Schema extends z.ZodType>(request: AdminRequest<Schema>): Promise<z.output<Schema>> {
    const text = await this.text(request);
    const parsed = request.answer.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    const field = parsed.error.issues[0]?.path.join('.') ?? '';
    throw new CliError(
      `${this.server.origin} answered ${request.path} with something else than expected${field && ` (${field})`}. Is it a control plane of the same release?`,
    );
  }

  /** The answer as it came, such as YAML; nothing for one without a body. */
  async text(request: TextRequest): Promise<string> {
    const response = await this.#fetch(request);
    const text = await response.text();
    if (response.ok) return text;
    const body = readRefusal(text);
    throw new RefusedError(refusalMessage(response.status, body, this), response.status, body);
  }

  async #fetch(request: TextRequest): Promise<Response> {
    try {
      return await fetch(urlOf(this.server, request), this.#options(request));
    } catch (error) {
      const reason = reasonOf(error, request.timeoutMs ?? TIMEOUT_MS);
      const what = BROKEN_OFF.test(reason) ? 'broke the connection off' : 'cannot be reached';
      throw new CliError(`${this.server.origin} ${what}: ${reason}.`);
    }
  }

  #options({ method = 'GET', body, accept, timeoutMs = TIMEOUT_MS }: TextRequest): RequestInit {
    const streamed = body !== undefined && typeof body.content !== 'string';
    return {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(accept && { accept }),
        ...(body && { 'content-type': body.type }),
      },
      ...(body && { body: body.content }),
      // A body that is read piece by piece can only be sent before the answer is read.
      ...(streamed && { duplex: 'half' as const }),
      ...(!streamed && { signal: AbortSignal.timeout(timeoutMs) }),
      redirect: 'error',
    };
  }
}

function urlOf(server: URL, { path, query = {} }: TextRequest): URL {
  const url = new URL(`${server.pathname.replace(/\/+$/, '')}/api/v1${path}`, server);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is not what was expected, which the caller is told.
    return undefined;
  }
}

/** What fetch hides in causes: `connect ECONNREFUSED 127.0.0.1:3000`. */
function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1_000} s`;
  const { cause } = error;
  if (cause instanceof AggregateError) return reasonOf(cause.errors[0] ?? cause.message, timeoutMs);
  return cause instanceof Error ? cause.message : error.message;
}
