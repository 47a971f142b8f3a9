import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isAlive } from './child.mjs';
import { runSql, startPostgres } from './postgres.mjs';

let folder;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'penstock-services-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('an embedded Postgres', () => {
  it('keeps its data, and starts although an earlier one left its lock file behind', async () => {
    const dir = path.join(folder, 'postgres');
    const first = await startPostgres({ dir, durable: false });
    await runSql(first.url('postgres'), 'create table kept (value int)');
    await first.stop();
    // The process id of a lock file may have been given to somebody else meanwhile, such as us.
    fs.writeFileSync(path.join(dir, 'postmaster.pid'), `${process.pid}\n${dir}\n0\n${first.port}\n`);
    const second = await startPostgres({ dir, durable: false });
    const { rowCount } = await runSql(second.url('postgres'), 'select * from kept');
    await second.stop();
    expect(rowCount).toBe(0);
  });
});

describe('a server that we started', () => {
  it('ends when we are killed', async () => {
    const child = path.join(import.meta.dirname, 'child.mjs');
    const program = `
      import { startServer } from ${JSON.stringify(child)};
      console.log(startServer('sleep', ['60']).pid);
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', program]);
    const pid = Number(String((await once(parent.stdout, 'data'))[0]));
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    const deadline = Date.now() + 5000;
    while (isRunning(pid) && Date.now() < deadline) await delay(20);
    expect(isRunning(pid)).toBe(false);
  });
});

// A process that has ended may stay in the table until the system's first process has taken notice.
function isRunning(pid) {
  if (!isAlive(pid)) return false;
  return process.platform !== 'linux' || !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
}
