import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createAdminToken, Redactor } from '@penstock/secrets';
import { createLogger } from '@penstock/telemetry';
import type { FastifyInstance } from 'fastify';
import type { AppDependencies } from '../app.module.ts';
import { readConfig } from '../config/env.ts';
import { createApp } from '../create-app.ts';

export const TEST_MASTER_KEY = Buffer.from('penstock-test-master-key-32bytes').toString('base64');
export const OWNER = { email: 'owner@example.com', password: 'correct horse battery' } as const;

/** One for the file: a second application on the same database keeps it. */
const ADMIN_TOKEN = createAdminToken().key;

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type Answer = {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: AnswerBody;
  readonly text: string;
};
/** Whatever JSON holds: specs look into answers of every shape. */
type AnswerBody = ReturnType<typeof JSON.parse>;

interface RequestOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Null: without a credential. */
  readonly token?: string | null;
  readonly address?: string;
}

/** The API in this process, on the database and the Redis of the test file. */
export class TestApp {
  constructor(
    readonly nest: NestFastifyApplication,
    readonly adminToken: string,
  ) {}

  /** Calls `/api/v1<path>` as the environment's admin token unless told otherwise. */
  async call(method: Method, path: string, options: RequestOptions = {}): Promise<Answer> {
    return this.fetch(method, `/api/v1${path}`, options);
  }

  async fetch(method: Method, url: string, options: RequestOptions = {}): Promise<Answer> {
    const { body, headers = {}, token = this.adminToken, address = '127.0.0.1' } = options;
    const server = this.nest.getHttpAdapter().getInstance() as unknown as FastifyInstance;
    const answer = await server.inject({
      method,
      url,
      remoteAddress: address,
      headers: { ...(token !== null && { authorization: `Bearer ${token}` }), ...headers },
      ...(body !== undefined && { payload: body as string | object }),
    });
    const json = String(answer.headers['content-type']).includes('json') && answer.body !== '';
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: json ? answer.json() : undefined,
      text: answer.body,
    };
  }

  async stop(): Promise<void> {
    await this.nest.close();
  }
}

interface TestAppOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: () => number;
}

/** Starts it; `env` is laid over the test's environment. */
export async function startTestApp({ env = {}, clock }: TestAppOptions = {}): Promise<TestApp> {
  const config = readConfig({
    DATABASE_URL: process.env['DATABASE_URL'],
    REDIS_URL: process.env['REDIS_URL'],
    PENSTOCK_MASTER_KEY: TEST_MASTER_KEY,
    PENSTOCK_ADMIN_EMAIL: OWNER.email,
    PENSTOCK_ADMIN_PASSWORD: OWNER.password,
    PENSTOCK_ADMIN_TOKEN: ADMIN_TOKEN,
    PENSTOCK_UPSTREAM_ALLOW_CIDRS: '127.0.0.0/8',
    ...env,
  });
  const logger = createLogger({ name: 'test', level: 'silent' });
  const dependencies: AppDependencies = { config, logger, redactor: new Redactor(), ...(clock && { clock }) };
  const nest = await createApp(dependencies);
  await nest.init();
  await (nest.getHttpAdapter().getInstance() as unknown as FastifyInstance).ready();
  return new TestApp(nest, ADMIN_TOKEN);
}
