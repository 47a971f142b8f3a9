import path from 'node:path';
import { fail } from '../bootstrap.mjs';
import { applications } from './applications.mjs';
import { claimDataDirectory, releaseDataDirectory } from './data-directory.mjs';
import { firstRun } from './first-run.mjs';
import { portsFor, requireFreePorts } from './ports.mjs';
import { build, migrate } from './prepare.mjs';
import { readyDocument, report } from './report.mjs';
import { openSecrets } from './secrets.mjs';
import { provideStorage } from './storage.mjs';
import { Supervisor, waitForAnswer } from './supervisor.mjs';

/** Starts everything, prints the ready line, and keeps it running until a signal or the death of a server. */
export async function run(options, { say, step }) {
  const ports = portsFor(options.portOffset, process.env);
  const { cutOff } = claimDataDirectory(options.data, options);
  const supervisor = new Supervisor({
    logs: path.join(options.data, 'logs'),
    onDeath: (problem) => void end(problem),
  });
  let ending;
  const end = (problem) => (ending ??= shutDown(supervisor, options.data, { say, problem }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void end());
  try {
    await startAll({ options, ports, supervisor, cutOff, say, step });
  } catch (error) {
    await end(error);
  }
}

async function shutDown(supervisor, data, { say, problem }) {
  const keepAlive = setInterval(() => {}, 1000); // our children do not hold the event loop
  say('stopping');
  await supervisor.stopAll();
  releaseDataDirectory(data);
  say('stopped');
  clearInterval(keepAlive);
  if (problem) fail(problem);
  process.exit(0);
}

async function startAll({ options, ports, supervisor, cutOff, say, step }) {
  const { data, demo } = options;
  const store = openSecrets(data);
  await requireFreePorts(ports, neededPorts(demo), cutOff ? 20_000 : 0);
  const storage = await step('Postgres and Redis', () =>
    provideStorage({ data, ports, say, started: (name, server) => supervisor.adopt(name, server) }),
  );
  await Promise.all([
    step('database migrated', () => migrate(storage.databaseUrl)),
    step('control plane and console built', build),
  ]);
  for (const application of applications({ data, ports, secrets: store.secrets, ...storage }, { demo })) {
    await step(`${application.title} started`, () => supervisor.start(application));
  }
  const controlPlane = `http://127.0.0.1:${ports.controlPlane}`;
  await step('configuration', () => firstRun({ controlPlane, ports, store, demo, say }));
  if (demo) {
    const readyUrl = `http://127.0.0.1:${ports.gatewayOperations}/ready`;
    await step('gateway has its configuration', () => waitForAnswer(readyUrl, { title: 'gateway', timeoutMs: 30_000 }));
  }
  report(data, readyDocument({ ports, secrets: store.secrets, pids: supervisor.pids() }));
  setInterval(() => {}, 1 << 30); // until a signal comes
}

function neededPorts(demo) {
  const names = ['gateway', 'gatewayOperations', 'controlPlane', 'controlPlaneOperations', 'workerOperations'];
  if (demo) names.push('simulatedUpstream');
  if (!process.env.DATABASE_URL) names.push('postgres');
  if (!process.env.REDIS_URL) names.push('redis');
  return names;
}
