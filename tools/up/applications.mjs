import path from 'node:path';
import { root } from '../bootstrap.mjs';

const localUpstreams = '127.0.0.0/8,::1/128,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7';

/**
 * What is started, in this order (and stopped in the reverse one): name, script, environment, and the URL that answers 200
 * once the server runs, or else the port that it listens on.
 * `installation` is `{ data, ports, secrets, databaseUrl, redisUrl }`.
 */
export function applications(installation, { demo }) {
  const servers = [controlPlane(installation), worker(installation), gateway(installation)];
  return demo ? [simulatedUpstream(installation), ...servers] : servers;
}

const local = (port) => `http://127.0.0.1:${port}`;

const shared = ({ secrets, databaseUrl, redisUrl }) => ({
  DATABASE_URL: databaseUrl,
  REDIS_URL: redisUrl,
  PENSTOCK_MASTER_KEY: secrets.masterKey,
  PENSTOCK_UPSTREAM_ALLOW_CIDRS: process.env.PENSTOCK_UPSTREAM_ALLOW_CIDRS ?? localUpstreams,
  LOG_LEVEL: process.env.LOG_LEVEL ?? 'info',
});

const simulatedUpstream = ({ ports }) => ({
  name: 'simulatedUpstream',
  title: 'simulated upstream',
  script: 'libs/testing/src/simulated-upstream/main.ts',
  env: { SIMULATED_UPSTREAM_PORT: String(ports.simulatedUpstream) },
  port: ports.simulatedUpstream,
});

const controlPlane = (installation) => ({
  name: 'controlPlane',
  title: 'control plane',
  script: 'apps/control-plane/dist/main.js',
  readyUrl: `${local(installation.ports.controlPlaneOperations)}/health`,
  env: {
    ...shared(installation),
    PENSTOCK_CONTROL_PLANE_HOST: process.env.PENSTOCK_CONTROL_PLANE_HOST ?? '127.0.0.1',
    PENSTOCK_CONTROL_PLANE_PORT: String(installation.ports.controlPlane),
    PENSTOCK_CONTROL_PLANE_OPERATIONS_PORT: String(installation.ports.controlPlaneOperations),
    PENSTOCK_GATEWAY_URL: process.env.PENSTOCK_GATEWAY_URL ?? local(installation.ports.gateway),
    PENSTOCK_CONSOLE_DIST: path.join(root, 'apps/console/dist'),
    // Made when there is no user yet.
    PENSTOCK_ADMIN_EMAIL: installation.secrets.adminEmail,
    PENSTOCK_ADMIN_PASSWORD: installation.secrets.adminPassword,
    PENSTOCK_ADMIN_TOKEN: installation.secrets.adminToken,
    PENSTOCK_INTERNAL_TOKEN: installation.secrets.internalToken,
  },
});

const worker = (installation) => ({
  name: 'worker',
  title: 'worker',
  script: 'apps/control-plane/dist/worker.js',
  readyUrl: `${local(installation.ports.workerOperations)}/health`,
  env: { ...shared(installation), PENSTOCK_WORKER_OPERATIONS_PORT: String(installation.ports.workerOperations) },
});

const gateway = (installation) => ({
  name: 'gateway',
  title: 'gateway',
  script: 'apps/gateway/src/main.ts',
  readyUrl: `${local(installation.ports.gatewayOperations)}/health`,
  stopTimeoutMs: 45_000, // it finishes the requests that it has
  env: {
    ...shared(installation),
    PENSTOCK_DATA_DIR: path.join(installation.data, 'gateway'),
    PENSTOCK_GATEWAY_HOST: process.env.PENSTOCK_GATEWAY_HOST ?? '127.0.0.1',
    PENSTOCK_GATEWAY_PORT: String(installation.ports.gateway),
    PENSTOCK_GATEWAY_OPERATIONS_PORT: String(installation.ports.gatewayOperations),
    GATEWAY_WORKERS: process.env.GATEWAY_WORKERS ?? '1',
    // The second source of configuration, should Redis fail.
    PENSTOCK_CONTROL_PLANE_URL: local(installation.ports.controlPlane),
    PENSTOCK_INTERNAL_TOKEN: installation.secrets.internalToken,
    // No load balancer watches this one, so there is nobody to warn before it stops.
    PENSTOCK_DRAIN_DELAY_MS: process.env.PENSTOCK_DRAIN_DELAY_MS ?? '0',
    PENSTOCK_DRAIN_TIMEOUT_MS: process.env.PENSTOCK_DRAIN_TIMEOUT_MS ?? '30000',
  },
});
