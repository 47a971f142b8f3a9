import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { root } from '../bootstrap.mjs';

let folder;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'penstock-up-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** All ports stay below 32768, where the system begins to take ports for outgoing connections. */
const portOffset = 9100;

const data = () => path.join(folder, 'data');

function up(env, ...args) {
  const { DATABASE_URL: _database, REDIS_URL: _redis, ...inherited } = process.env;
  return new Promise((resolve) => {
    const command = [path.join(root, 'tools/up.mjs'), '--port-offset', String(portOffset), '--data', data(), ...args];
    execFile(process.execPath, command, { env: { ...inherited, ...env } }, (error, _stdout, stderr) =>
      resolve({ code: error?.code ?? 0, message: stderr.trim() }),
    );
  });
}

describe('npm run up says in one sentence what is wrong and ends with 1 when', () => {
  it('a port is in use', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    const outcome = await up({ PENSTOCK_GATEWAY_PORT: String(port - portOffset) });
    server.close();
    expect(outcome).toEqual({
      code: 1,
      message: `Port ${port} for the gateway is already in use; stop what listens there, or start with another --port-offset.`,
    });
  });

  it('the data folder cannot be made', async () => {
    fs.writeFileSync(data(), 'a file stands where the folder should be');
    expect(await up({})).toEqual({
      code: 1,
      message: `The data folder ${data()} cannot be written (ENOTDIR); choose another with --data DIR.`,
    });
  });

  it('the given database does not answer', async () => {
    expect(
      await up({ DATABASE_URL: 'postgresql://user:secret@127.0.0.1:1/penstock', REDIS_URL: process.env.REDIS_URL }),
    ).toEqual({
      code: 1,
      message: 'The database that DATABASE_URL names does not answer: connect ECONNREFUSED 127.0.0.1:1.',
    });
  });

  it('the given Redis does not answer', async () => {
    expect(await up({ DATABASE_URL: process.env.DATABASE_URL, REDIS_URL: 'redis://127.0.0.1:1' })).toEqual({
      code: 1,
      message: 'The Redis that REDIS_URL names does not answer: connect ECONNREFUSED 127.0.0.1:1.',
    });
  });

  it('it already runs on the same data folder', async () => {
    fs.mkdirSync(data());
    const running = spawn('sleep', ['60'], { argv0: 'up.mjs', stdio: 'ignore' });
    fs.writeFileSync(path.join(data(), 'up.pid'), String(running.pid));
    const outcome = await up({}).finally(() => running.kill());
    expect(outcome).toEqual({
      code: 1,
      message: `Penstock already runs on ${data()} (process ${running.pid}); stop it with "npm run down", or start another with --data and --port-offset.`,
    });
  });
});
