import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '@penstock/testing';
import { AdminApi } from '../../support/admin-api.ts';
import { readMetric } from '../../support/metrics.ts';
import { ServerProcess } from '../../support/server-process.ts';

/** One gateway process. */
export interface LimitsGateway {
  readonly origin: string;
  readonly server: ServerProcess;
  /** Sum over the series of one of its metrics that carry these labels. */
  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number>;
}

/** Control plane, worker and several gateways, each a process that can be killed and started again. */
export interface LimitsStack {
  readonly admin: AdminApi;
  readonly worker: ServerProcess;
  readonly gateways: readonly LimitsGateway[];
  /** Puts other limits into a quota. */
  readonly changeQuota: (name: string, limits: readonly object[]) => Promise<void>;
  stop(): Promise<void>;
}

export interface LimitsStackOptions {
  readonly gateways: number;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Added to what every gateway has. */
  readonly gatewayEnvironment?: Environment;
}

type Environment = Readonly<Record<string, string>>;

/** Starts all of it; Redis and Postgres are the test's. */
export async function startLimitsStack(options: LimitsStackOptions): Promise<LimitsStack> {
  const directory = mkdtempSync(path.join(tmpdir(), 'penstock-limits-'));
  const adminToken = `pat_${randomBytes(32).toString('base64url')}`;
  const shared: Environment = {
    REDIS_URL: options.redisUrl,
    PENSTOCK_MASTER_KEY: randomBytes(32).toString('base64'),
    PENSTOCK_UPSTREAM_ALLOW_CIDRS: '127.0.0.0/8',
    PENSTOCK_INTERNAL_TOKEN: randomBytes(32).toString('base64url'),
    LOG_LEVEL: 'info',
  };
  const [port, operations, workerOperations] = await Promise.all([freePort(), freePort(), freePort()]);
  const server = (name: string, script: string, env: Environment, operationsPort: number): ServerProcess =>
    new ServerProcess({
      name,
      script,
      env: { ...shared, ...env },
      healthUrl: `http://127.0.0.1:${operationsPort}/health`,
      logFile: path.join(directory, `${name}.log`),
    });
  const controlPlane = server(
    'controlPlane',
    'apps/control-plane/dist/main.js',
    {
      DATABASE_URL: options.databaseUrl,
      PENSTOCK_CONTROL_PLANE_PORT: String(port),
      PENSTOCK_CONTROL_PLANE_OPERATIONS_PORT: String(operations),
      PENSTOCK_ADMIN_EMAIL: 'admin@penstock.local',
      PENSTOCK_ADMIN_PASSWORD: randomBytes(15).toString('base64url'),
      PENSTOCK_ADMIN_TOKEN: adminToken,
    },
    operations,
  );
  const worker = server(
    'worker',
    'apps/control-plane/dist/worker.js',
    { DATABASE_URL: options.databaseUrl, PENSTOCK_WORKER_OPERATIONS_PORT: String(workerOperations) },
    workerOperations,
  );
  const gateways = await Promise.all(
    Array.from({ length: options.gateways }, async (_, index): Promise<LimitsGateway> => {
      const [gatewayPort, gatewayOperations] = [await freePort(), await freePort()];
      const env = gatewayEnvironment({ port: gatewayPort, operations: gatewayOperations, controlPlane: port });
      const data = { PENSTOCK_DATA_DIR: path.join(directory, `gateway-${index}`) };
      return {
        origin: `http://127.0.0.1:${gatewayPort}`,
        server: server(
          `gateway-${index}`,
          'apps/gateway/src/main.ts',
          { ...env, ...data, ...options.gatewayEnvironment },
          gatewayOperations,
        ),
        metric: (name, labels) => readMetric(`http://127.0.0.1:${gatewayOperations}/metrics`, name, labels),
      };
    }),
  );
  const servers = [...gateways.map((gateway) => gateway.server), worker, controlPlane];
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((one) => one.stop()));
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await controlPlane.start();
    await Promise.all([worker.start(), ...gateways.map((gateway) => gateway.server.start())]);
  } catch (error) {
    await stop();
    throw error;
  }
  const origin = `http://127.0.0.1:${port}`;
  const changeQuota = async (name: string, limits: readonly object[]): Promise<void> => {
    const response = await fetch(`${origin}/api/v1/quotas/${name}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify({ spec: { limits } }),
    });
    if (!response.ok) throw new Error(`The quota ${name} was not changed: ${await response.text()}`);
  };
  return { admin: new AdminApi(origin, adminToken), worker, gateways, changeQuota, stop };
}

function gatewayEnvironment(ports: Readonly<Record<'port' | 'operations' | 'controlPlane', number>>): Environment {
  return {
    PENSTOCK_GATEWAY_PORT: String(ports.port),
    PENSTOCK_GATEWAY_OPERATIONS_PORT: String(ports.operations),
    PENSTOCK_CONTROL_PLANE_URL: `http://127.0.0.1:${ports.controlPlane}`,
    PENSTOCK_DRAIN_DELAY_MS: '0',
    PENSTOCK_DRAIN_TIMEOUT_MS: '2000',
  };
}
