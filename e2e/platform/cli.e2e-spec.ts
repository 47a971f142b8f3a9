import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PriceCatalogStatus, UsageSummary, VirtualKey } from '@penstock/contracts';
import { runPenstock } from '../support/penstock-cli.ts';
import { openPlatform } from '../support/platform.ts';

const platform = openPlatform();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'penstock-cli-'));
});
afterAll(async () => {
  await penstock(['catalog', 'reset']);
  await rm(folder, { recursive: true });
});

/** Runs the command line in a process of its own against the running control plane. */
const penstock = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runPenstock(platform, args, { env });

async function fileOf(name: string, content: unknown): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const catalog = {
  source: 'cli test',
  license: 'none',
  date: '2026-04-01',
  sourceSha256: 'b'.repeat(64),
  templates: { anthropic: { 'cli-model': { inputPerMillion: 1_500_000, outputPerMillion: 7_000_000 } } },
};

describe('penstock catalog', () => {
  it('shows which catalog is in use, and models of it', async () => {
    const shown = await penstock(['catalog', 'show', '-o', 'json']);
    expect(shown).toMatchObject({ code: 0, said: '' });
    expect(JSON.parse(shown.out)).toMatchObject({ license: 'MIT', uploaded: false });
    const models = await penstock(['catalog', 'show', '--template', 'anthropic', '--limit', '2']);
    expect(models.out).toMatch(/^TEMPLATE +MODEL +INPUT +OUTPUT/);
    expect(models.out.match(/^anthropic /gm)).toHaveLength(2);
  });

  it('replaces it by a file, tells the progress, and goes back', async () => {
    const updated = await penstock([
      'catalog',
      'update',
      '--from',
      await fileOf('catalog.json', catalog),
      '-o',
      'yaml',
    ]);
    expect(updated).toMatchObject({ code: 0, said: expect.stringMatching(/^sending catalog\.json: \d+ B\n$/) });
    expect(updated.out).toContain('source: cli test\n');
    const { out } = await penstock(['catalog', 'show', '--search', 'CLI-M']);
    expect(out.split('\n')[1]).toMatch(/^anthropic +cli-model +1\.50 +7\.00$/);
    const status = JSON.parse((await penstock(['catalog', 'reset', '-o', 'json'])).out) as PriceCatalogStatus;
    expect(status.uploaded).toBe(false);
  });

  it('tells the models of which a request had no price', async () => {
    expect(await penstock(['catalog', 'unknown', '--from', '1h'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^PROVIDER +MODEL +UPSTREAM +REQUESTS\n/),
    });
  });

  it("takes LiteLLM's file", async () => {
    const model = { litellm_provider: 'openai', mode: 'chat', input_cost_per_token: 1e-6, output_cost_per_token: 2e-6 };
    const file = await fileOf('model_prices_and_context_window.json', { m: model });
    const { code, out } = await penstock(['catalog', 'update', '--from', file]);
    expect(code).toBe(0);
    expect(out).toMatch(/^models: +1$/m);
  });

  it('says what is wrong with a file', async () => {
    const wrong = await fileOf(
      'wrong.yaml',
      'source: x\nlicense: y\ndate: yesterday\nsourceSha256: z\ntemplates: {}\n',
    );
    const { code, said } = await penstock(['catalog', 'update', '--from', wrong]);
    expect(code).toBe(1);
    expect(said).toContain('Refused with 400: The request is invalid.\n  date: ');
    expect(said).toContain('\n  sourceSha256: ');
    const broken = await penstock(['catalog', 'update', '--from', await fileOf('broken.json', '{')]);
    expect(broken).toMatchObject({ code: 1, said: expect.stringContaining('not valid JSON') });
  });
});

describe('penstock usage', () => {
  it('sums up what the API sums up', async () => {
    const { code, out } = await penstock(['usage', '--group-by', 'key', '--from', '7d', '-o', 'json']);
    expect(code).toBe(0);
    const summary = JSON.parse(out) as UsageSummary;
    expect(summary.total.requests).toBeGreaterThanOrEqual(summary.items.length);
    const table = await penstock(['usage', '--group-by', 'key', '--from', '2026-01-01']);
    expect(table.out).toMatch(/^KEY +REQUESTS +ERRORS +INPUT +CACHED +OUTPUT +USD +UNPRICED$/m);
    expect(table.out).toMatch(/^total +\d/m);
  });

  it('passes on what the control plane refuses', async () => {
    const { code, said } = await penstock(['usage', '--from', '1h', '--to', '2h']);
    expect([code, said]).toEqual([1, expect.stringContaining('\n  from: must be before to\n')]);
  });
});

describe('penstock status', () => {
  it('lists the gateways with the revision that they apply', async () => {
    const [gateway] = await platform.admin.gatewayInstances();
    const { code, out } = await penstock(['status']);
    expect(code).toBe(0);
    expect(out).toMatch(/^revision: +\d+ \(/);
    expect(out).toContain(gateway!.instanceId);
  });

  it('is refused with a wrong token, and without a control plane', async () => {
    const refused = await penstock(['status'], { PENSTOCK_TOKEN: 'pat_wrong' });
    expect(refused).toMatchObject({ code: 1, out: '', said: expect.stringContaining('is not accepted') });
    const unreachable = await penstock(['status', '--server', 'http://127.0.0.1:1']);
    expect(unreachable).toMatchObject({ code: 1, said: expect.stringContaining('cannot be reached') });
    expect((await penstock(['status', '--no-such'])).code).toBe(2);
  });
});

describe('penstock login', () => {
  it('keeps what later commands need', async () => {
    const env = { XDG_CONFIG_HOME: folder, PENSTOCK_TOKEN: '', PENSTOCK_SERVER: '' };
    const args = ['login', '--server', platform.ready.controlPlane];
    const { code } = await runPenstock(platform, args, { env, input: platform.ready.adminToken });
    expect(code).toBe(0);
    expect(await penstock(['get', 'templates'], env)).toMatchObject({
      code: 0,
      out: expect.stringContaining('openai'),
    });
    expect((await penstock(['logout'], env)).code).toBe(0);
    expect((await penstock(['get', 'templates'], env)).code).not.toBe(0);
  });
});

describe('penstock keys', () => {
  it('makes, rotates, lists and revokes', async () => {
    const name = `e2e-cli-${process.pid}`;
    const created = await penstock(['keys', 'create', name, '--models', 'a,b', '-o', 'json']);
    const key = (JSON.parse(created.out) as VirtualKey).status.key ?? '';
    expect(key).toMatch(/^psk_/);
    const rotated = await penstock(['keys', 'rotate', name, '--grace', '1h']);
    expect(rotated.out).toMatch(/^key: +psk_\S+$/m);
    expect(rotated.out).not.toContain(key);
    expect((await penstock(['keys', 'list', '--search', name])).out).toMatch(/^\S+ +active +psk_/m);
    expect((await penstock(['keys', 'revoke', name])).out).toMatch(/^state: +revoked$/m);
    expect((await penstock(['delete', 'key', name])).out).toBe(`VirtualKey ${name} deleted\n`);
    expect((await penstock(['get', 'key', name])).code).toBe(1);
  });
});

describe('penstock dump', () => {
  it('collects what support needs, without secrets, for this user alone', async () => {
    const file = path.join(folder, 'dump.json');
    expect((await penstock(['dump', '--out', file])).code).toBe(0);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const text = await readFile(file, 'utf8');
    const bundle = JSON.parse(text) as Record<string, unknown[]>;
    expect(Object.keys(bundle)).toEqual(expect.arrayContaining(['settings', 'revisions', 'gateways', 'documents']));
    expect(bundle['documents']?.length).toBeGreaterThan(0);
    expect(text).not.toMatch(/psk_\w+_\w+|pat_\w{8}/);
  });
});
