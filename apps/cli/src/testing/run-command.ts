import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CliIo } from '../cli-io.ts';
import { runCli } from '../run-cli.ts';

/** What a command line did. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly say: string;
}

/** Runs one command line in this process, away from the user's own configuration. */
export async function runCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>> = { PENSTOCK_TOKEN: 'pat_x' },
  overrides: Partial<CliIo> = {},
): Promise<Ended> {
  const said: Record<'out' | 'say', string> = { out: '', say: '' };
  const code = await runCli(args, {
    env: { XDG_CONFIG_HOME: '/nowhere/at-all', ...env },
    out: (text) => (said.out += text),
    say: (text) => (said.say += text),
    watched: false,
    colors: false,
    readInput: async () => '',
    typed: false,
    now: () => Date.parse('2026-03-10T12:00:00Z'),
    ...overrides,
  });
  return { code, ...said };
}

/** A request that a {@link FakeControlPlane} got. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A control plane that answers everything alike. */
export class FakeControlPlane {
  readonly asked: Asked[] = [];
  readonly server: Server;

  constructor(status: number, body: string) {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        this.asked.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
        response.writeHead(status, { connection: 'close' }).end(body);
      });
    });
  }

  /** Its URL, from now on. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}
