import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, type PrivateRedis, startFaultProxy, startPrivateRedis } from '@penstock/testing';
import { AdminApi } from './admin-api.ts';
import { readMetric } from './metrics.ts';
import { ServerProcess } from './server-process.ts';

/**
 * The product with every part in a test's hands: each server can be killed and started again, and the line to Postgres cut.
 * `npm run up` cannot serve for this: it ends everything when one part dies.
 */
export interface FaultStack {
  readonly admin: AdminApi;
  /** Origin of the gateway. */
  readonly gatewayUrl: string;
  readonly controlPlane: ServerProcess;
  readonly worker: ServerProcess;
  readonly gateway: ServerProcess;
  /** The line to Postgres; while it is cut, connections are reset and refused. */
  readonly postgres: { cut(): Promise<void>; restore(): Promise<void> };
  /** Comes back empty after `kill9` and `start`. */
  readonly redis: PrivateRedis;
  /** Sum over the series of one of the gateway's metrics. */
  metric(name: string): Promise<number>;
  stop(): Promise<void>;
}

const ADMIN_TOKEN = `pat_${randomBytes(32).toString('base64url')}`;

/** Starts all of it on the database of this test file (DATABASE_URL) and a Redis of its own. */
export async function startFaultStack(): Promise<FaultStack> {
  const directory = mkdtempSync(path.join(tmpdir(), 'penstock-faults-'));
  const database = new URL(process.env['DATABASE_URL'] ?? '');
  const line = await startFaultProxy({ targetPort: Number(database.port) });
  const redis = await startPrivateRedis();
  database.port = String(line.port);
  const ports = await freePorts();
  const environments = serverEnvironments({ ports, directory, databaseUrl: database.href, redisUrl: redis.url });
  const server = (name: keyof typeof environments, script: string, healthPort: number): ServerProcess =>
    new ServerProcess({
      name,
      script,
      env: environments[name],
      healthUrl: `http://127.0.0.1:${healthPort}/health`,
      logFile: path.join(directory, `${name}.log`),
    });
  const controlPlane = server('controlPlane', 'apps/control-plane/dist/main.js', ports.controlPlaneOperations);
  const worker = server('worker', 'apps/control-plane/dist/worker.js', ports.workerOperations);
  const gateway = server('gateway', 'apps/gateway/src/main.ts', ports.gatewayOperations);
  const stop = async (): Promise<void> => {
    await Promise.all([gateway, worker, controlPlane].map((process) => process.stop()));
    await line.stop();
    await redis.dispose();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await controlPlane.start();
    await Promise.all([worker.start(), gateway.start()]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    admin: new AdminApi(`http://127.0.0.1:${ports.controlPlane}`, ADMIN_TOKEN),
    gatewayUrl: `http://127.0.0.1:${ports.gateway}`,
    controlPlane,
    worker,
    gateway,
    postgres: { cut: async () => line.cut(), restore: async () => line.restore() },
    redis,
    stop,
    metric: (name) => readMetric(`http://127.0.0.1:${ports.gatewayOperations}/metrics`, name),
  };
}

const portNames = [
  'gateway',
  'gatewayOperations',
  'controlPlane',
  'controlPlaneOperations',
  'workerOperations',
] as const;
type Ports = Readonly<Record<(typeof portNames)[number], number>>;

async function freePorts(): Promise<Ports> {
  const ports = await Promise.all(portNames.map(async (name) => [name, await freePort()] as const));
  return Object.fromEntries(ports) as Ports;
}

interface Places {
  readonly ports: Ports;
  readonly directory: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

/** As docs/configuration.md describes it. */
function serverEnvironments({ ports, directory, databaseUrl, redisUrl }: Places) {
  const internalToken = randomBytes(32).toString('base64url');
  const shared = {
    REDIS_URL: redisUrl,
    PENSTOCK_MASTER_KEY: randomBytes(32).toString('base64'),
    PENSTOCK_UPSTREAM_ALLOW_CIDRS: '127.0.0.0/8',
    LOG_LEVEL: 'debug',
  };
  return {
    controlPlane: {
      ...shared,
      DATABASE_URL: databaseUrl,
      PENSTOCK_CONTROL_PLANE_PORT: String(ports.controlPlane),
      PENSTOCK_CONTROL_PLANE_OPERATIONS_PORT: String(ports.controlPlaneOperations),
      PENSTOCK_ADMIN_EMAIL: 'admin@penstock.local',
      PENSTOCK_ADMIN_PASSWORD: randomBytes(15).toString('base64url'),
      PENSTOCK_ADMIN_TOKEN: ADMIN_TOKEN,
      PENSTOCK_INTERNAL_TOKEN: internalToken,
    },
    worker: {
      ...shared,
      DATABASE_URL: databaseUrl,
      PENSTOCK_WORKER_OPERATIONS_PORT: String(ports.workerOperations),
    },
    gateway: {
      ...shared,
      PENSTOCK_DATA_DIR: path.join(directory, 'gateway'),
      PENSTOCK_GATEWAY_PORT: String(ports.gateway),
      PENSTOCK_GATEWAY_OPERATIONS_PORT: String(ports.gatewayOperations),
      PENSTOCK_CONTROL_PLANE_URL: `http://127.0.0.1:${ports.controlPlane}`,
      PENSTOCK_INTERNAL_TOKEN: internalToken,
      PENSTOCK_DRAIN_DELAY_MS: '0',
      PENSTOCK_DRAIN_TIMEOUT_MS: '2000',
    },
  };
}
