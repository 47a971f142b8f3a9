import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeControlPlane, runCommand } from '../testing/run-command.ts';

const TEAM = 'kind: Team\nmetadata:\n  name: a\nspec:\n  displayName: A\n  quotas: [none]\n';
let folder: string;
let file: string;
let plane: FakeControlPlane;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'penstock-cli-'));
  file = path.join(folder, 'team.yaml');
  await writeFile(file, TEAM);
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => plane.stop());

async function serve(status: number, body: object): Promise<string> {
  plane = new FakeControlPlane(status, JSON.stringify(body));
  return plane.start();
}

const items = [
  {
    index: 0,
    kind: 'Team',
    name: 'a',
    result: 'changed',
    changes: [{ field: 'spec.displayName', before: 'B', after: 'A\u001B' }],
  },
  { index: 1, kind: 'VirtualKey', name: 'k', result: 'created', changes: [], revealed: { key: 'psk_new' } },
  { index: 2, kind: 'Quota', name: 'q', result: 'unchanged', changes: [] },
  { index: null, kind: 'Team', name: 'old', result: 'deleted', changes: [] },
];

describe('penstock apply', () => {
  it('sends the documents with the options, and tells what became of them', async () => {
    const url = await serve(200, { dryRun: false, revision: 7, items });
    const { code, out } = await runCommand(['apply', '-f', file, '--managed-by', 'ci', '--prune', '--server', url]);
    expect(code).toBe(0);
    expect(plane.asked[0]?.url).toBe('/api/v1/manifests/apply?dryRun=false&managedBy=ci&prune=true');
    expect(JSON.parse(plane.asked[0]?.body ?? '')).toEqual({
      items: [{ kind: 'Team', metadata: { name: 'a' }, spec: { displayName: 'A', quotas: ['none'] } }],
    });
    expect(out).toBe(
      [
        '~ Team a changed',
        '    - spec.displayName: "B"',
        '    + spec.displayName: "A\\u001b"',
        '+ VirtualKey k created',
        '    key: psk_new  (shown only now)',
        '- Team old deleted',
        '1 changed, 1 created, 1 unchanged, 1 deleted; revision 7',
        '',
      ].join('\n'),
    );
  });

  it('colours only where it may', async () => {
    const url = await serve(200, { dryRun: false, revision: 7, items });
    const { out } = await runCommand(['apply', '-f', file, '--server', url], undefined, { colors: true });
    expect(out).toContain('\u001B[33m~ Team a\u001B[39m changed');
  });

  it('tells the file and line of what the control plane refuses', async () => {
    const document = { index: 0, kind: 'Team', name: 'a' };
    const url = await serve(400, {
      status: 'error',
      code: 'invalid',
      message: 'Nothing was applied: 1 document is at fault.',
      errors: [
        { field: 'spec.quotas[0]', message: "there is no Quota named 'none'", document },
        { field: 'metadata.name', message: 'used by LlmProxy x', document: { index: -1, kind: 'Team', name: 'old' } },
      ],
      requestId: 'r-1',
    });
    const { code, say } = await runCommand(['apply', '-f', file, '--server', url]);
    expect(code).toBe(1);
    expect(say).toBe(
      `penstock: Refused with 400: Nothing was applied: 1 document is at fault.\n  ${file}:6: Team a: spec.quotas[0]: there is no Quota named 'none'\n  to be deleted: Team old: metadata.name: used by LlmProxy x\n  request r-1\n`,
    );
  });

  it('asks nobody while the documents have faults', async () => {
    const url = await serve(200, {});
    const readInput = async () => 'kind: Team\nmetadata: {name: a}\nspec: {}\n';
    const { code, say } = await runCommand(['apply', '-f', '-', '--server', url], undefined, { readInput });
    expect([code, plane.asked.length]).toEqual([1, 0]);
    expect(say).toMatch(/^penstock: 1 fault in the documents:\n {2}\(stdin\):3: Team a: spec\.displayName: /);
  });
});

describe('penstock diff', () => {
  it.each([
    [items.slice(2, 3), 0, ''],
    [items.slice(0, 3), 3, 'penstock: 2 of 3 documents differ.\n'],
  ])('ends with what it found', async (found, expected, message) => {
    const url = await serve(200, { dryRun: true, revision: null, items: found });
    const { code, say, out } = await runCommand(['diff', '-f', file, '--server', url]);
    expect([code, say]).toEqual([expected, message]);
    expect(out).toContain('nothing is written: this was a dry run');
    expect(plane.asked[0]?.url).toBe('/api/v1/manifests/apply?dryRun=true&prune=false');
  });
});
