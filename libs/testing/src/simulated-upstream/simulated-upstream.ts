import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Behaviour, type BehaviourChange, defaultBehaviour } from './behaviour.ts';
import { playFault } from './faults.ts';
import { Ledger, type LedgerEntry } from './ledger.ts';
import { type Operation, operations } from './operations.ts';
import { answerPlainRoute } from './plain-routes.ts';
import { refuse } from './refuse.ts';

export interface SimulatedUpstreamOptions {
  /** 0: any free port. */
  readonly port?: number;
  readonly models?: readonly string[];
  /** The `Authorization` value that is expected; anything goes where it is left out. */
  readonly authorization?: string;
  readonly behaviour?: BehaviourChange;
}

const MAX_BODY_BYTES = 64 * 1024 * 1024;

/**
 * A server that looks like vLLM and generates made-up text at a given pace, with faults on demand. It checks requests
 * strictly against the published schema and keeps a ledger of what it received and generated.
 */
export class SimulatedUpstream {
  readonly ledger = new Ledger();
  readonly models: readonly string[];
  readonly #authorization: string | undefined;
  readonly #server: Server;
  #behaviour: Behaviour;
  #inFlight = 0;

  constructor(options: SimulatedUpstreamOptions = {}) {
    this.models = options.models ?? ['simulated-chat', 'simulated-embeddings'];
    this.#authorization = options.authorization;
    this.#behaviour = changed(defaultBehaviour, options.behaviour);
    this.#server = createServer({ keepAliveTimeout: 5000 }, (request, response) => void this.#serve(request, response));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Base URL with `/v1`. */
  get url(): string {
    return `http://127.0.0.1:${this.port}/v1`;
  }

  /** Requests that are being answered now. */
  get inFlight(): number {
    return this.#inFlight;
  }

  listen(port = 0): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
  }

  /** Changes how it behaves from now on; what is left out goes back to the default. */
  configure(behaviour: BehaviourChange): void {
    this.#behaviour = changed(defaultBehaviour, behaviour);
  }

  /** Forgets ledger and behaviour. */
  reset(): void {
    this.ledger.reset();
    this.configure({});
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => response.destroy());
    const body = await readBody(request);
    if (!body) return;
    const path = (request.url ?? '').split('?')[0] ?? '';
    const operation = operations.get(path);
    if (!operation || request.method !== 'POST') {
      answerPlainRoute(this, { method: request.method ?? '', path, body, response });
      return;
    }
    const entry = this.ledger.open(newEntry(request, path, body));
    this.#inFlight += 1;
    response.once('close', () => {
      this.#inFlight -= 1;
      entry.status = response.headersSent ? response.statusCode : 0;
      if (!response.writableFinished && entry.abortedAt === null && !entry.finished) entry.abortedAt = Date.now();
    });
    await this.#answer(operation, { entry, body, response, authorization: request.headers.authorization });
  }

  async #answer(operation: Operation, call: Call): Promise<void> {
    const { entry, response } = call;
    if (this.#authorization !== undefined && call.authorization !== this.#authorization) {
      refuse(response, 401, 'Unauthorized', 'AuthenticationError');
      return;
    }
    const parsed = operation.schema.safeParse(tryParse(call.body));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      entry.violation = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`;
      refuse(response, 400, entry.violation, 'BadRequestError');
      return;
    }
    if (!this.models.includes(parsed.data.model)) {
      refuse(response, 404, `The model \`${parsed.data.model}\` does not exist.`, 'NotFoundError');
      return;
    }
    const behaviour = changed(this.#behaviour, parsed.data.simulate as BehaviourChange | undefined);
    if (behaviour.fault && playFault(response, behaviour.fault)) return;
    await operation.answer(parsed.data, { response, behaviour, entry, pause: pauseFor(response) });
  }
}

interface Call {
  readonly entry: LedgerEntry;
  readonly body: Buffer;
  readonly response: ServerResponse;
  readonly authorization: string | undefined;
}

/** Starts one on a free port of the loopback interface. */
export async function startSimulatedUpstream(options: SimulatedUpstreamOptions = {}): Promise<SimulatedUpstream> {
  const upstream = new SimulatedUpstream(options);
  await upstream.listen(options.port ?? 0);
  return upstream;
}

function changed(behaviour: Behaviour, change: BehaviourChange = {}): Behaviour {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  return { ...behaviour, ...(Object.fromEntries(given) as Partial<Behaviour>) };
}

function newEntry(request: IncomingMessage, path: string, body: Buffer): Omit<LedgerEntry, 'id'> {
  const parsed = tryParse(body) as { model?: unknown; stream?: unknown } | undefined;
  const headers = Object.entries(request.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return {
    receivedAt: Date.now(),
    method: request.method ?? '',
    path,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: body.toString('base64'),
    model: typeof parsed?.model === 'string' ? parsed.model : null,
    stream: parsed?.stream === true,
    inputTokens: 0,
    outputTokens: 0,
    status: 0,
    finished: false,
    abortedAt: null,
    violation: null,
  };
}

function tryParse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    // The schema refuses undefined, so the caller gets a 400 and the ledger a violation.
    return undefined;
  }
}

/** The whole body; undefined when the caller left or sends too much. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MAX_BODY_BYTES) request.destroy();
    }
    return Buffer.concat(chunks);
  } catch {
    // The connection closed before the body was complete: there is nobody to answer.
    return undefined;
  }
}

function pauseFor(response: ServerResponse): (milliseconds: number) => Promise<void> {
  return (milliseconds) => {
    if (milliseconds === 0 || response.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(done, milliseconds);
      function done(): void {
        clearTimeout(timer);
        response.off('close', done);
        resolve();
      }
      response.once('close', done);
    });
  };
}
