import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import readline from 'node:readline';
import { root } from '../../bootstrap.mjs';
import { stopChild } from '../../services/child.mjs';
import { freePort, waitForPort } from '../../services/ports.mjs';

/** A gateway as it runs in production, whose log and event loop are watched. */
export async function startGateway({ directory, redisUrl, masterKey }) {
  const [port, operationsPort] = [await freePort(), await freePort()];
  const env = {
    ...process.env,
    REDIS_URL: redisUrl,
    PENSTOCK_MASTER_KEY: masterKey,
    PENSTOCK_DATA_DIR: directory,
    PENSTOCK_GATEWAY_PORT: String(port),
    PENSTOCK_GATEWAY_OPERATIONS_PORT: String(operationsPort),
    PENSTOCK_UPSTREAM_ALLOW_CIDRS: '127.0.0.0/8',
    LOG_LEVEL: 'info',
  };
  const probe = path.join(import.meta.dirname, 'watch-event-loop.mjs');
  const child = spawn(process.execPath, ['--import', probe, 'apps/gateway/src/main.ts'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const applied = new Map();
  readline.createInterface({ input: child.stdout }).on('line', (line) => {
    if (!line.includes('applied a config')) return;
    const { revision, compileMs } = JSON.parse(line);
    applied.get(revision)?.({ atMs: performance.now(), compileMs });
  });
  await waitForPort(port, { child, owner: 'the gateway', timeoutMs: 60_000 });
  return {
    port,
    /** Resolves when the gateway has swapped a revision in: when that was, and how long compiling took from first to last. */
    appliedOf: (revision) => new Promise((resolve) => applied.set(revision, resolve)),
    /** Milliseconds; the longest ones since the last call: as a clock sees them, and in time on the CPU. */
    async longestPauses() {
      child.send('read');
      const [pauses] = await once(child, 'message');
      return pauses;
    },
    stop: () => stopChild(child),
  };
}
