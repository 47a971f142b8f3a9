import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeControlPlane, runCommand } from '../testing/run-command.ts';
import { sessionFile } from './stored-session.ts';

const PAGE = JSON.stringify({ items: [], total: 0, nextCursor: null });
let home: string;
let env: Record<string, string>;
let plane: FakeControlPlane;
let url: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'penstock-cli-'));
  env = { XDG_CONFIG_HOME: home };
  plane = new FakeControlPlane(200, PAGE);
  url = await plane.start();
});
afterEach(async () => {
  await plane.stop();
  await rm(home, { recursive: true });
});

describe('penstock login', () => {
  it('keeps server and token for this user alone, and other commands use them', async () => {
    const { code, out } = await runCommand(['login', '--server', url], env, { readInput: async () => 'pat_stored\n' });
    expect([code, out]).toEqual([0, expect.stringContaining(`Logged in to ${url}`)]);
    expect(out).not.toContain('pat_stored');
    const file = sessionFile(env);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700);
    await runCommand(['get', 'teams'], env);
    expect(plane.asked.at(-1)?.headers.authorization).toBe('Bearer pat_stored');
    await runCommand(['get', 'teams', '--server', url], { ...env, PENSTOCK_TOKEN: 'pat_other' });
    expect(plane.asked.at(-1)?.headers.authorization).toBe('Bearer pat_other');
  });

  it('does not give the token to another server', async () => {
    await runCommand(['login', '--server', url, '--token', 'pat_stored'], env);
    const other = new FakeControlPlane(200, PAGE);
    const { code, say } = await runCommand(['get', 'teams', '--server', await other.start()], env);
    await other.stop();
    expect([code, other.asked.length]).toEqual([2, 0]);
    expect(say).toContain('There is no token for http://127.0.0.1:');
  });

  it('keeps nothing that is not accepted', async () => {
    await plane.stop();
    const body = { status: 'error', code: 'unauthenticated', message: 'No.', errors: [], requestId: 'r' };
    plane = new FakeControlPlane(401, JSON.stringify(body));
    const { code, say } = await runCommand(['login', '--server', await plane.start(), '--token', 'pat_bad'], env);
    expect([code, say]).toEqual([1, expect.stringContaining('is not accepted')]);
    await expect(stat(sessionFile(env))).rejects.toThrow('ENOENT');
  });

  it('is undone by logout', async () => {
    await runCommand(['login', '--server', url, '--token', 'pat_stored'], env);
    expect(await runCommand(['logout'], env)).toMatchObject({ code: 0, out: 'Logged out\n' });
    expect(await runCommand(['logout'], env)).toMatchObject({ code: 0, out: 'There was no login\n' });
    expect((await runCommand(['get', 'teams', '--server', url], env)).code).toBe(2);
  });

  it('says that its file is damaged', async () => {
    await runCommand(['login', '--server', url, '--token', 'pat_stored'], env);
    await writeFile(sessionFile(env), '{');
    expect(await runCommand(['get', 'teams'], env)).toMatchObject({
      code: 1,
      say: expect.stringContaining('log in again'),
    });
  });

  it('looks below the home directory where XDG_CONFIG_HOME does not say otherwise', () => {
    expect(sessionFile({ HOME: '/home/me' })).toBe('/home/me/.config/penstock/config.json');
    expect(sessionFile({ HOME: '/home/me', XDG_CONFIG_HOME: 'relative' })).toBe(
      '/home/me/.config/penstock/config.json',
    );
    expect(sessionFile({ HOME: '/home/me', XDG_CONFIG_HOME: '/x' })).toBe('/x/penstock/config.json');
  });
});
