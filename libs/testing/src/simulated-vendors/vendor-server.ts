import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { playStream, playWhole } from './play-turn.ts';
import type { Failure } from './turn/failure.ts';
import { planTurn } from './turn/plan-turn.ts';
import { scenarioOf } from './turn/scenario.ts';
import type { Generating, Handled, Vendor, VendorRequest } from './vendor.ts';
import type { VendorLedger, VendorLedgerEntry } from './vendor-ledger.ts';

const MAX_BODY_BYTES = 64 * 1024 * 1024;
const credentialHeaders: readonly string[] = [
  'authorization',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'x-amz-security-token',
];

/** Serves one vendor on a port of its own, under the paths that the vendor has. */
export class VendorServer {
  readonly #vendor: Vendor;
  readonly #ledger: VendorLedger;
  readonly #key: string | null;
  readonly #server: Server;

  constructor(vendor: Vendor, ledger: VendorLedger, key: string | null) {
    this.#vendor = vendor;
    this.#ledger = ledger;
    this.#key = key;
    this.#server = createServer({ keepAliveTimeout: 5000 }, (request, response) => void this.#serve(request, response));
  }

  /** Without a path: what stands before `/v1` or whatever the vendor's paths begin with. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => response.destroy());
    const request = await readRequest(incoming);
    if (!request) return;
    if (this.#isForTests(request, response)) return;
    const entry = this.#ledger.open({
      vendor: this.#vendor.name,
      method: request.method,
      path: request.path,
      query: request.rawQuery,
      headers: withoutCredentials(request),
      body: request.body,
    });
    const call: Call = { request, response, entry, breaksOff: false };
    response.once('close', () => {
      entry.status = response.headersSent ? response.statusCode : 0;
      entry.aborted = !response.writableFinished && !entry.finished && !call.breaksOff;
    });
    try {
      await this.#answer(this.#vendor.handle(request, this.#key), call);
    } catch (error) {
      // A fault of the simulation itself: tests must see it, whatever status they expect.
      entry.violations = [
        { path: [], kind: 'rule', message: `the simulation failed: ${(error as Error).stack ?? ''}` },
      ];
      response.destroy();
    }
  }

  /** `/__ledger` and `/__reset`, for tests in another process. */
  #isForTests({ method, path }: VendorRequest, response: ServerResponse): boolean {
    if (method === 'GET' && path === '/__ledger') {
      sendJson(response, 200, { violations: this.#ledger.violations, entries: this.#ledger.entries }, {});
      return true;
    }
    if (method !== 'POST' || path !== '/__reset') return false;
    this.#ledger.reset();
    sendJson(response, 200, {}, {});
    return true;
  }

  async #answer(handled: Handled | null, call: Call): Promise<void> {
    const { request, response, entry } = call;
    if (handled === null) return this.#refuse(call, this.#vendor.fail('not-found', request, request.path));
    if (handled.kind === 'generate') return this.#generate(handled, call);
    entry.model = handled.model;
    if (handled.kind === 'refused') return this.#refuse(call, handled.failure);
    if (handled.kind === 'invalid') {
      entry.violations = handled.violations;
      return this.#refuse(call, this.#vendor.refuse(handled.violations, request));
    }
    entry.usage = { inputUncached: handled.inputTokens, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 };
    sendJson(response, 200, handled.body, this.#vendor.headers(entry.id));
    entry.finished = true;
  }

  async #generate({ asked, writer }: Generating, call: Call): Promise<void> {
    const { request, response, entry } = call;
    entry.model = asked.model;
    entry.streamed = writer.stream;
    const scenario = scenarioOf(asked.model);
    if (scenario === null) return this.#refuse(call, this.#vendor.fail('not-found', request, asked.model));
    entry.scenario = scenario.name;
    if (scenario.failure !== null) return this.#refuse(call, this.#vendor.fail(scenario.failure, request, asked.model));
    const turn = planTurn(asked, scenario.behaviour, entry.id);
    if (turn.delivery.fault === 'error-first-event' && !writer.stream) {
      return this.#refuse(call, this.#vendor.fail('overloaded', request, asked.model));
    }
    entry.usage = turn.usage;
    call.breaksOff = turn.delivery.fault === 'cut';
    const play = writer.stream ? playStream : playWhole;
    entry.finished = await play(response, writer, turn, this.#vendor.headers(entry.id));
  }

  #refuse({ response, entry }: Call, failure: Failure): void {
    sendJson(response, failure.status, failure.body, { ...this.#vendor.headers(entry.id), ...failure.headers });
    entry.finished = true;
  }
}

interface Call {
  readonly request: VendorRequest;
  readonly response: ServerResponse;
  readonly entry: VendorLedgerEntry;
  /** The connection breaks because the scenario says so, not because the caller left. */
  breaksOff: boolean;
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): void {
  const isText = typeof body === 'string';
  const bytes = Buffer.from(isText ? body : JSON.stringify(body));
  const contentType = isText ? 'text/html; charset=UTF-8' : 'application/json';
  response.writeHead(status, { 'content-type': contentType, 'content-length': bytes.length, ...headers }).end(bytes);
}

/** The whole request; undefined when the caller left before its end. */
async function readRequest(incoming: IncomingMessage): Promise<VendorRequest | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MAX_BODY_BYTES) incoming.destroy();
    }
  } catch {
    // The connection closed before the body was complete: there is nobody to answer.
    return undefined;
  }
  const url = incoming.url ?? '/';
  const at = url.indexOf('?');
  const rawQuery = at < 0 ? '' : url.slice(at + 1);
  const rawBody = Buffer.concat(chunks);
  return {
    method: incoming.method ?? '',
    path: at < 0 ? url : url.slice(0, at),
    query: new URLSearchParams(rawQuery),
    rawQuery,
    headers: incoming.headers,
    rawBody,
    body: tryParse(rawBody),
  };
}

function tryParse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    // `checkBody` turns undefined into a violation.
    return undefined;
  }
}

function withoutCredentials({ headers }: VendorRequest): Readonly<Record<string, string>> {
  const plain = Object.entries(headers).map(([name, value]) => {
    const text = Array.isArray(value) ? value.join(', ') : (value ?? '');
    return [name, credentialHeaders.includes(name) ? `(${text.length} characters)` : text];
  });
  return Object.fromEntries(plain) as Record<string, string>;
}
