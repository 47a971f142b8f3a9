import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApplyResult } from '@penstock/contracts';
import { type CommandOptions, runPenstock } from '../support/penstock-cli.ts';
import { GatewayClient } from '../support/gateway-client.ts';
import { openPlatform } from '../support/platform.ts';
import { uniqueName, untilAllCurrent } from '../support/scenario.ts';
import { openUpstream } from '../support/upstream-under-test.ts';

const upstream = await openUpstream();
const platform = openPlatform();
const name = uniqueName('set');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'penstock-manifests-'));
});
afterAll(async () => {
  for (const [kind, suffix] of [
    ['key', '-key'],
    ['proxy', ''],
    ['provider', ''],
    ['team', ''],
    ['quota', ''],
  ] as const) {
    await penstock(['delete', kind, `${name}${suffix}`]);
  }
  await rm(folder, { recursive: true });
  await upstream.stop();
});

/** JSON is YAML. */
const stringify = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

const penstock = (args: readonly string[], options?: CommandOptions) => runPenstock(platform, args, options);

/** What an application needs, in the wrong order. */
function set({ model = 'chat', key = true } = {}): object[] {
  const auth = { type: 'api-key', header: 'Authorization', value: `Bearer ${upstream.apiKey}` };
  const target = { provider: name, model: upstream.chatModel };
  const virtualKey = { kind: 'VirtualKey', metadata: { name: `${name}-key` }, spec: { team: name, proxies: [name] } };
  return [
    ...(key ? [virtualKey] : []),
    {
      apiVersion: 'gateway.api-platform.wso2.com/v1alpha1',
      kind: 'LlmProxy',
      metadata: { name },
      spec: {
        displayName: name,
        context: `/${name}`,
        provider: { id: name },
        models: [{ name: model, targets: [target] }],
      },
    },
    {
      kind: 'LlmProvider',
      metadata: { name },
      spec: {
        displayName: name,
        template: 'vllm',
        upstream: { url: upstream.url, ...(upstream.apiKey !== null && { auth }) },
        models: [{ id: upstream.chatModel }],
      },
    },
    { kind: 'Team', metadata: { name }, spec: { displayName: name, quotas: [name] } },
    { kind: 'Quota', metadata: { name }, spec: { limits: [{ unit: 'requests', window: 'minute', max: 1000 }] } },
  ];
}

async function fileOf(documents: readonly object[]): Promise<string> {
  const file = path.join(folder, 'set.yaml');
  await writeFile(file, documents.map((document) => stringify(document)).join('---\n'));
  return file;
}

describe('Applied manifests', () => {
  it('serve traffic, and are found back unchanged', async () => {
    const file = await fileOf(set());
    expect((await penstock(['validate', '-f', file])).code).toBe(0);
    expect((await penstock(['diff', '-f', file, '--managed-by', name])).code).toBe(3);
    const applied = await penstock(['apply', '-f', file, '--managed-by', name, '-o', 'json']);
    expect([applied.code, applied.said]).toEqual([0, '']);
    const { items } = JSON.parse(applied.out) as ApplyResult;
    expect(items.map(({ result }) => result)).toEqual(['created', 'created', 'created', 'created', 'created']);
    const key = items[0]?.revealed?.['key'] ?? '';
    await untilAllCurrent(platform.admin);
    const client = new GatewayClient(`${platform.ready.gateway}/${name}/v1`, key);
    expect((await client.complete('Hello', { model: 'chat' })).usage.total_tokens).toBeGreaterThan(0);

    expect((await penstock(['diff', '-f', file, '--managed-by', name])).code).toBe(0);
    const exported = await penstock(['export', 'proxy', name]);
    const again = await penstock(['apply', '-f', '-'], { input: exported.out });
    expect(again.out).toBe('1 unchanged; no new revision\n');
  });

  it('tell what drifted, and bring it back', async () => {
    const file = await fileOf(set());
    const models = [{ name: 'renamed', targets: [{ provider: name, model: upstream.chatModel }] }];
    await platform.admin.patch(`/llm-proxies/${name}`, { spec: { models } });
    const drift = await penstock(['diff', '-f', file, '--managed-by', name]);
    expect([drift.code, drift.said]).toEqual([3, 'penstock: 1 of 5 documents differ.\n']);
    expect(drift.out).toContain(
      `~ LlmProxy ${name} changed\n    - spec.models[0].name: "renamed"\n    + spec.models[0].name: "chat"\n`,
    );
    expect((await penstock(['apply', '-f', file, '--managed-by', name])).code).toBe(0);
    expect((await penstock(['diff', '-f', file, '--managed-by', name])).code).toBe(0);
  });

  it('change nothing at all when one of them is at fault, and say where', async () => {
    const broken = set({ model: 'other' });
    broken[3] = { kind: 'Team', metadata: { name }, spec: { displayName: name, quotas: [name, 'no-such-quota'] } };
    const { code, said } = await penstock(['apply', '-f', await fileOf(broken), '--managed-by', name]);
    expect(code).toBe(1);
    expect(said).toMatch(/set\.yaml:\d+: Team \S+: spec\.quotas\[1\]: there is no Quota named 'no-such-quota'/);
    expect((await penstock(['diff', '-f', await fileOf(set()), '--managed-by', name])).code).toBe(0);
  });

  it('lose what they no longer hold', async () => {
    const file = await fileOf(set({ key: false }));
    const pruned = await penstock(['apply', '-f', file, '--managed-by', name, '--prune']);
    expect(pruned.out).toContain(`- VirtualKey ${name}-key deleted\n`);
    expect((await penstock(['get', 'key', `${name}-key`])).code).toBe(1);
  });
});

describe('A LiteLLM config', () => {
  it('is imported, applied and serves traffic', async () => {
    const config = {
      model_list: [
        {
          model_name: 'chat',
          litellm_params: {
            model: `hosted_vllm/${upstream.chatModel}`,
            api_base: upstream.url,
            api_key: upstream.apiKey,
            rpm: 600,
          },
        },
      ],
      router_settings: { model_group_alias: { alias: 'chat' } },
      general_settings: { master_key: 'sk-1234' },
    };
    const proxy = uniqueName('litellm');
    const options = ['--proxy', proxy, '--context', `/${proxy}`, '--with-secrets'];
    const imported = await penstock(['import', 'litellm', '-', ...options], { input: stringify(config) });
    expect([imported.code, imported.said]).toEqual([0, expect.stringContaining('master_key is ignored')]);
    const key = { kind: 'VirtualKey', metadata: { name: proxy }, spec: { proxies: [proxy] } };
    const input = `${imported.out}---\n${stringify(key)}`;
    const applied = await penstock(['apply', '-f', '-', '--managed-by', proxy, '-o', 'json'], { input });
    expect([applied.code, applied.said]).toEqual([0, '']);
    const { items } = JSON.parse(applied.out) as ApplyResult;
    await untilAllCurrent(platform.admin);
    const secret = items.at(-1)?.revealed?.['key'] ?? '';
    const client = new GatewayClient(`${platform.ready.gateway}/${proxy}/v1`, secret);
    expect((await client.complete('Hello', { model: 'alias' })).usage.total_tokens).toBeGreaterThan(0);
    const team = stringify({ kind: 'Team', metadata: { name: proxy }, spec: { displayName: proxy } });
    expect((await penstock(['apply', '-f', '-', '--managed-by', proxy, '--prune'], { input: team })).code).toBe(0);
    expect((await penstock(['delete', 'team', proxy])).code).toBe(0);
  });
});
