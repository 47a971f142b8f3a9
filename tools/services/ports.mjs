import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from './problem.mjs';

/** Below the ports that systems give to outgoing connections: one of those could be taken before somebody listens on it. */
const [lowest, highest] = [20_000, 32_000];
const attempts = 50;

/** A port on 127.0.0.1 that nobody listens on at the moment. */
export async function freePort() {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (await isFree(port)) return port;
  }
  throw new Problem(`No free port was found between ${lowest} and ${highest} in ${attempts} attempts.`);
}

const isFree = (port) =>
  requireFreePort(port, 'a test').then(
    () => true,
    () => false,
  );

/** Refuses with one sentence when somebody already listens on `port`. */
export function requireFreePort(port, owner, host = '127.0.0.1') {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', (error) => reject(new Problem(portSentence(error, port, owner, host))));
    server.listen({ port, host, exclusive: true }, () => server.close(resolve));
  });
}

function portSentence(error, port, owner, host) {
  if (error.code === 'EADDRINUSE') {
    return `Port ${port} for ${owner} is already in use; stop what listens there, or start with another --port-offset.`;
  }
  return `Port ${port} for ${owner} cannot be opened on ${host} (${error.code ?? error.message}).`;
}

/** Resolves once `port` accepts connections; refuses after `timeoutMs` or as soon as `child` has ended. */
export async function waitForPort(port, { child, owner = `port ${port}`, timeoutMs = 15_000 } = {}) {
  const deadline = Date.now() + timeoutMs;
  while (!(await accepts(port))) {
    if (child && (child.exitCode !== null || child.signalCode !== null)) {
      throw new Problem(`${owner} ended before it listened on port ${port}.`);
    }
    if (Date.now() > deadline)
      throw new Problem(`${owner} did not listen on port ${port} within ${timeoutMs / 1000} s.`);
    await delay(20);
  }
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
