import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a receiver of webhooks sees it. */
export interface ReceivedWebhook {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A real HTTP server that keeps what it gets; its answers are set by the test. */
export class AlertReceiver {
  readonly received: ReceivedWebhook[] = [];
  /** Statuses of the next answers, 200 when there are none left; `hang` never answers. */
  answers: (number | 'hang')[] = [];
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hooks/secret-path`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    this.received.push({ headers, body: Buffer.concat(chunks).toString('utf8') });
    const answer = this.answers.shift() ?? 200;
    if (answer === 'hang') return;
    response.writeHead(answer, answer >= 300 && answer < 400 ? { location: this.url } : {}).end('ok');
  }
}
