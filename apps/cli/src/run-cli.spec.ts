import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { FakeControlPlane, runCommand } from './testing/run-command.ts';

let plane: FakeControlPlane | undefined;
afterEach(async () => {
  await plane?.stop();
  plane = undefined;
});

/** A control plane that answers everything alike; gives its URL and what it was asked. */
async function serve(status: number, body: string) {
  await plane?.stop();
  plane = new FakeControlPlane(status, body);
  return { url: await plane.start(), asked: plane.asked };
}
const run = runCommand;

const errorBody = (errors: object[] = []) =>
  JSON.stringify({
    status: 'error',
    code: 'invalid',
    message: 'The request is invalid.',
    errors,
    requestId: 'req-12345',
  });

describe('the command line', () => {
  it.each<string[]>([
    ['--help'],
    ['help'],
    ['catalog', '--help'],
    ['catalog', 'update', '--help'],
    ['usage', '--help'],
    ['status', '--help'],
    ['apply', '--help'],
    ['diff', '--help'],
    ['validate', '--help'],
    ['export', '--help'],
    ['get', '--help'],
    ['delete', '--help'],
    ['keys', 'create', '--help'],
    ['login', '--help'],
    ['dump', '--help'],
    ['import', 'litellm', '--help'],
  ])('helps with %j %j %j', async (...args) => {
    const { code, out, say } = await run(args.filter(Boolean), {});
    expect([code, say]).toEqual([0, '']);
    expect(out).toContain('Usage: penstock');
  });

  it.each([
    [['unheard-of'], 'unknown command'],
    [['status', '--unheard-of'], 'unknown option'],
    [['status', 'more'], 'too many arguments'],
    [['catalog', 'update'], "required option '--from <file>'"],
    [['catalog', 'show', '--limit', '0'], 'a whole number from 1'],
    [['usage', '--from', 'yesterday'], 'Give a time such as'],
    [['usage', '--group-by', 'planet'], 'Allowed choices are key, team'],
    [['apply'], "required option '-f, --file <path...>'"],
    [['apply', '-f', 'x', '--prune'], '--prune needs --managed-by'],
    [['get', 'planets'], 'Kinds are quota, team'],
    [['delete', 'organization', 'x'], 'cannot be deleted'],
    [['keys', 'rotate', 'x', '--grace', '8d'], '7 days at most'],
    [['import', 'litellm', 'x', '--context', 'no'], "must start with '/'"],
    [['login', '--token', ' '], 'Give a token'],
    [['status', '-o', 'xml'], 'Allowed choices are table, json, yaml'],
    [['status', '--server', 'ftp://x'], 'must be an http(s) URL'],
    [['status', '--server', 'nowhere'], 'must be an http(s) URL'],
    [['status', '--server', 'http://me:hunter2@x'], 'must not hold a password'],
  ])('ends with 2 for %j', async (args, message) => {
    const { code, out, say } = await run(args);
    expect([code, out]).toEqual([2, '']);
    expect(say).toContain(message);
    expect(say).not.toContain('hunter2');
  });

  it('ends with 2 without a token, and with help where no command is named', async () => {
    expect(await run(['status'], {})).toMatchObject({
      code: 2,
      say: expect.stringMatching(/no token for http:\/\/127\.0\.0\.1:3000: set PENSTOCK_TOKEN .+ 'penstock login/),
    });
    expect(await run([])).toMatchObject({ code: 2, say: expect.stringContaining('Commands:') });
    expect(await run(['catalog'])).toMatchObject({ code: 2, say: expect.stringContaining('update') });
  });

  it('says that nobody answers', async () => {
    const { url } = await serve(200, '');
    await plane?.stop();
    plane = undefined;
    const { code, say } = await run(['status', '--server', url]);
    expect(code).toBe(1);
    expect(say).toMatch(
      /^penstock: http:\/\/127\.0\.0\.1:\d+ cannot be reached: connect ECONNREFUSED 127\.0\.0\.1:\d+\.\n$/,
    );
  });

  it.each([
    [401, 'The token in PENSTOCK_TOKEN is not accepted: The request is invalid.'],
    [403, 'The token in PENSTOCK_TOKEN may not do this: The request is invalid.'],
    [400, 'Refused with 400: The request is invalid.'],
  ])('says why it was refused with %i', async (status, message) => {
    const { url } = await serve(
      status,
      errorBody([
        { field: 'from', message: 'must be before to' },
        { field: '', message: 'is odd' },
      ]),
    );
    const { code, out, say } = await run(['usage', '--server', url]);
    expect([code, out]).toEqual([1, '']);
    expect(say).toBe(`penstock: ${message}\n  from: must be before to\n  (body): is odd\n  request req-12345\n`);
  });

  it('knows what is no control plane', async () => {
    const page = await serve(404, '<html>');
    expect((await run(['catalog', 'show', '--server', page.url])).say).toContain('Is the URL right?');
    const other = await serve(200, '{"hello":1}');
    const { code, say } = await run(['catalog', 'show', '--server', other.url]);
    expect(code).toBe(1);
    expect(say).toContain('something else than expected (source)');
  });

  it('asks with the token, below the path of the server, for what the options say', async () => {
    const { url, asked } = await serve(500, '');
    await run(['usage', '--group-by', 'key', '--from', '7d', '--team', 'a b'], {
      PENSTOCK_TOKEN: ' pat_x\n',
      PENSTOCK_SERVER: `${url}/below/`,
    });
    expect(asked[0]?.headers.authorization).toBe('Bearer pat_x');
    expect(asked[0]?.url).toBe('/below/api/v1/usage/summary?groupBy=key&from=2026-03-03T12%3A00%3A00.000Z&team=a+b');
  });

  it('says that the connection broke off', async () => {
    const { url } = await serve(200, '');
    plane?.server
      .removeAllListeners('request')
      .on('connection', (socket) => socket.once('data', () => socket.destroy()));
    const { code, say } = await run(['status', '--server', url]);
    expect([code, say]).toEqual([1, expect.stringMatching(/ broke the connection off: .+\.\n$/)]);
  });

  it('does not send a file that the control plane would not take', async () => {
    const { url, asked } = await serve(200, '');
    const file = path.join(await mkdtemp(path.join(os.tmpdir(), 'penstock-cli-')), 'large.json');
    await writeFile(file, Buffer.alloc(16 * 1024 * 1024 + 1, ' '));
    const { code, say } = await run(['catalog', 'update', '--from', file, '--server', url]);
    await rm(path.dirname(file), { recursive: true });
    expect([code, asked.length]).toEqual([1, 0]);
    expect(say).toContain('more than 16.0 MiB');
  });

  it.each(['/nowhere/at-all.json', '/'])('does not send %s', async (file) => {
    const { url, asked } = await serve(200, '');
    const { code, say } = await run(['catalog', 'update', '--from', file, '--server', url]);
    expect([code, asked.length]).toEqual([1, 0]);
    expect(say).toContain(file);
  });
});
