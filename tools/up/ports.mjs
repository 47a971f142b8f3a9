import { setTimeout as delay } from 'node:timers/promises';
import { requireFreePort } from '../services/ports.mjs';
import { Problem } from '../services/problem.mjs';

const definitions = {
  gateway: { owner: 'the gateway', variable: 'PENSTOCK_GATEWAY_PORT', port: 8080 },
  gatewayOperations: { owner: "the gateway's operations", variable: 'PENSTOCK_GATEWAY_OPERATIONS_PORT', port: 8081 },
  controlPlane: { owner: 'the control plane', variable: 'PENSTOCK_CONTROL_PLANE_PORT', port: 3000 },
  controlPlaneOperations: {
    owner: "the control plane's operations",
    variable: 'PENSTOCK_CONTROL_PLANE_OPERATIONS_PORT',
    port: 3001,
  },
  workerOperations: { owner: "the worker's operations", variable: 'PENSTOCK_WORKER_OPERATIONS_PORT', port: 3002 },
  simulatedUpstream: { owner: 'the simulated upstream', variable: 'SIMULATED_UPSTREAM_PORT', port: 8090 },
  postgres: { owner: 'Postgres', variable: 'PENSTOCK_POSTGRES_PORT', port: 15_432 },
  redis: { owner: 'Redis', variable: 'PENSTOCK_REDIS_PORT', port: 16_379 },
};

/** Ports that browsers and Node's fetch never connect to, whatever listens there (WHATWG Fetch, "bad port"), above 1023. */
const BLOCKED = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10_080,
]);

/** The port of each server: its default or its environment variable, plus the offset. */
export function portsFor(offset, env) {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, { owner, variable, port }]) => {
      const base = Number(env[variable] ?? port);
      if (!Number.isInteger(base) || base < 1 || base + offset > 65_535) {
        throw new Problem(
          `The port for ${owner} (${variable}=${env[variable] ?? port}, offset ${offset}) is not between 1 and 65535.`,
        );
      }
      if (BLOCKED.has(base + offset)) {
        throw new Problem(
          `The port for ${owner} would be ${base + offset}, to which browsers do not connect. Choose another offset.`,
        );
      }
      return [name, base + offset];
    }),
  );
}

/** Refuses with one sentence when one of the ports is in use, after waiting `patienceMs` for all of them to come free. */
export async function requireFreePorts(ports, names, patienceMs) {
  const deadline = Date.now() + patienceMs;
  for (const name of names) {
    while (!(await isFree(ports[name])) && Date.now() < deadline) await delay(100);
    await requireFreePort(ports[name], definitions[name].owner);
  }
}

const isFree = (port) =>
  requireFreePort(port).then(
    () => true,
    () => false,
  );
