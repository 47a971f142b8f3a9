import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, waitUntil } from '@penstock/testing';
import { MASTER_KEY } from './test-config.ts';

const SCRIPT = path.resolve(import.meta.dirname, '../../../apps/gateway/src/main.ts');

/** A gateway in a process of its own, as it runs in production. */
export class GatewayProcess {
  readonly url: string;
  readonly port: number;
  readonly operationsUrl: string;
  readonly #environment: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;
  #output = '';

  private constructor(
    ports: { readonly port: number; readonly operationsPort: number },
    environment: NodeJS.ProcessEnv,
  ) {
    this.port = ports.port;
    this.url = `http://127.0.0.1:${ports.port}`;
    this.operationsUrl = `http://127.0.0.1:${ports.operationsPort}`;
    this.#environment = environment;
  }

  /** Starts one and waits until it is ready. `environment` is added to what a test gateway has by default. */
  static async start(environment: NodeJS.ProcessEnv): Promise<GatewayProcess> {
    const port = await freePort();
    const operationsPort = await freePort();
    const gateway = new GatewayProcess(
      { port, operationsPort },
      {
        PATH: process.env['PATH'],
        PENSTOCK_MASTER_KEY: MASTER_KEY,
        PENSTOCK_DATA_DIR: mkdtempSync(path.join(tmpdir(), 'penstock-gateway-')),
        PENSTOCK_GATEWAY_PORT: String(port),
        PENSTOCK_GATEWAY_OPERATIONS_PORT: String(operationsPort),
        PENSTOCK_UPSTREAM_ALLOW_CIDRS: '127.0.0.0/8',
        PENSTOCK_DRAIN_DELAY_MS: '0',
        // Redis is lost when a test stops it, and not because the machine is busy.
        PENSTOCK_LIMITER_DEADLINE_MS: '2000',
        LOG_LEVEL: 'info',
        ...environment,
      },
    );
    try {
      await gateway.start();
    } catch (error) {
      await gateway.dispose();
      throw error;
    }
    return gateway;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  get dataDirectory(): string {
    return this.#environment['PENSTOCK_DATA_DIR'] ?? '';
  }

  /** Everything it has logged. */
  get output(): string {
    return this.#output;
  }

  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, [SCRIPT], { env: this.#environment, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    await waitUntil(
      'the gateway to be ready',
      async () => {
        if (!this.running) return true;
        return (await fetch(`${this.operationsUrl}/ready`)).status === 200;
      },
      { timeoutMs: 15_000, intervalMs: 25 },
    );
    if (!this.running) throw new Error(`the gateway ended: ${this.#output}`);
  }

  /** Sends a signal and waits for the end; the exit code, or null when the signal killed it. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (!child || !this.running) return child?.exitCode ?? null;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
    return child.exitCode;
  }

  /** Sends a signal without waiting. */
  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  async dispose(): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.dataDirectory, { recursive: true, force: true });
  }

  /** The value of a metric whose line begins so; undefined while it has none. */
  async metric(line: string): Promise<number | undefined> {
    const text = await (await fetch(`${this.operationsUrl}/metrics`)).text();
    const found = text
      .split('\n')
      .find((candidate) => candidate.startsWith(`${line} `) || candidate.startsWith(`${line}{`));
    return found === undefined ? undefined : Number(found.slice(found.lastIndexOf(' ')));
  }

  get(pathname: string, key: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.url}${pathname}`, { headers: { authorization: `Bearer ${key}`, ...headers } });
  }

  /** Posts JSON to the root proxy. */
  post(pathname: string, key: string, body: unknown, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.url}${pathname}`, {
      method: 'POST',
      body: JSON.stringify(body),
      ...init,
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        ...(init.headers as Record<string, string>),
      },
    });
  }
}
