import { once } from 'node:events';
import http, { type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test looks into whatever was sent
  readonly json: any;
  /** When the connection closed before the answer was complete, epoch ms. */
  abortedAt: number | null;
}

type Script = (request: ReceivedRequest, response: ServerResponse) => void | Promise<void>;

/** A usage as vLLM reports it. */
export const USAGE = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };

/** An upstream that answers exactly as a test says. */
export class ScriptedUpstream {
  readonly received: ReceivedRequest[] = [];
  readonly server: http.Server;
  script: Script = answerWell;

  constructor() {
    this.server = http.createServer((request, response) => {
      void (async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
        const text = Buffer.concat(chunks).toString();
        const { method = '', url = '', headers } = request;
        const entry: ReceivedRequest = {
          method,
          path: url,
          headers,
          text,
          json: text ? JSON.parse(text) : null,
          abortedAt: null,
        };
        this.received.push(entry);
        response.on('close', () => {
          if (!response.writableFinished) entry.abortedAt = Date.now();
        });
        await this.script(entry, response);
      })();
    });
  }

  static async start(): Promise<ScriptedUpstream> {
    const upstream = new ScriptedUpstream();
    upstream.server.listen(0, '127.0.0.1');
    await once(upstream.server, 'listening');
    return upstream;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/v1`;
  }

  get last(): ReceivedRequest {
    const last = this.received.at(-1);
    if (!last) throw new Error('the upstream received nothing');
    return last;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** One chunk of a streamed answer. */
export function chunk(content: string, finish: string | null = null): string {
  const choices = [{ index: 0, delta: { content }, finish_reason: finish }];
  return `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'up/m', choices })}\n\n`;
}

/** The chunk that carries the usage. */
export function usageChunk(): string {
  return `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'up/m', choices: [], usage: USAGE })}\n\n`;
}

/** Whole answers to everything that the gateway asks. */
export function answerWell(request: ReceivedRequest, response: ServerResponse): void {
  if (request.path.endsWith('/models'))
    return json(response, { object: 'list', data: [{ id: 'listed-1' }, { id: 'listed-2' }] });
  if (request.path.endsWith('/embeddings')) {
    return json(response, {
      object: 'list',
      data: [{ object: 'embedding', index: 0, embedding: [0.5] }],
      model: 'm',
      usage: { prompt_tokens: 3, total_tokens: 3 },
    });
  }
  if (request.json?.stream === true) return stream(request, response);
  return json(response, {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: request.json?.model,
    choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
    usage: USAGE,
  });
}

function stream(request: ReceivedRequest, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(chunk('Hel'));
  response.write(chunk('lo', 'stop'));
  if (request.json.stream_options?.include_usage) response.write(usageChunk());
  response.end('data: [DONE]\n\n');
}

export function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
