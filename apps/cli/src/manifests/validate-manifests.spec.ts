import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { resolveManagedSecret } from '@penstock/contracts';
import { originalIllustration, originalManagedSecret, originalManifests } from '@penstock/testing';
import { stringify } from 'yaml';
import { runCommand } from '../testing/run-command.ts';
import { parseManifests } from './read-manifest-files.ts';
import { describeManifestFault, validateManifests } from './validate-manifests.ts';

const faultsOf = (text: string) => validateManifests(parseManifests('f.yaml', text)).map(describeManifestFault);

describe('manifests without a control plane', () => {
  it('are faultless with each apiVersion, in YAML and JSON, alone and as lists', () => {
    const team = (name: string) => ({ kind: 'Team', metadata: { name }, spec: { displayName: 'T' } });
    const versions = ['penstock.dev/v1', 'gateway.api-platform.wso2.com/v1', 'gateway.api-platform.wso2.com/v1alpha1'];
    const documents = versions.map((apiVersion, index) => ({ apiVersion, ...team(`t${index}`) }));
    expect(faultsOf(documents.map((document) => JSON.stringify(document)).join('\n---\n'))).toEqual([]);
    expect(faultsOf(JSON.stringify({ items: documents }, null, 2))).toEqual([]);
    expect(faultsOf(JSON.stringify(documents))).toEqual([]);
    expect(faultsOf('')).toEqual([]);
  });

  it('A9: may be those of the original: with a Secret of Kubernetes for a ManagedSecret, and ApiKey documents', () => {
    expect(faultsOf(originalManifests.map((manifest) => stringify(manifest)).join('---\n'))).toEqual([]);
    const [managed] = originalManagedSecret;
    expect(faultsOf(stringify(managed))).toEqual([
      expect.stringMatching(/^f.yaml:\d+: .*valueFrom: there is no Kubernetes Secret 'openai-credentials'/),
    ]);
    const encoded = { 'api-key': Buffer.from('ключ').toString('base64') };
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'openai-credentials' }, data: encoded };
    expect(faultsOf(`${stringify(managed)}---\n${stringify(secret)}`)).toEqual([]);
    expect(resolveManagedSecret(managed, [secret])).toMatchObject({
      document: { kind: 'Secret', spec: { value: 'ключ' } },
    });
    expect(faultsOf(stringify(originalIllustration))).toHaveLength(4);
  });

  it('name each fault with the line where it stands', () => {
    const text = `# a comment
kind: LlmProxy
metadata:
  name: Shop
spec:
  displayName: Shop
  context: shop
  provider: {id: lab}
  surprise: 1
  models:
    - name: a
      targets:
        - {provider: lab, model: x}
        - {provider: other, model: x}
---
kind: Team
metadata: {name: search}
---
kind: Team
metadata: {name: search}
spec: {displayName: S}
---
kind: Planet
`;
    expect(faultsOf(text)).toEqual([
      expect.stringMatching(/^f\.yaml:4: LlmProxy Shop: metadata\.name: must consist of lower case/),
      "f.yaml:7: LlmProxy Shop: spec.context: must start with '/' and not end with it",
      'f.yaml:9: LlmProxy Shop: spec.surprise: is not a known field',
      "f.yaml:14: LlmProxy Shop: spec.models[0].targets[1].provider: 'other' is not a provider of this proxy",
      expect.stringMatching(/^f\.yaml:16: Team search: spec: /),
      "f.yaml:20: Team search: metadata.name: 'search' stands at f.yaml:17 already",
      expect.stringMatching(/^f\.yaml:23: Planet: kind: 'Planet' is not known; it is one of Quota, /),
    ]);
  });

  it('in lists have lines too', () => {
    const text = 'items:\n  - kind: Team\n    metadata: {name: a}\n    spec:\n      displayName: ""\n';
    expect(faultsOf(text)).toEqual([expect.stringMatching(/^f\.yaml:5: Team a: spec\.displayName: /)]);
  });

  it('that are no YAML say where', () => {
    expect(() => parseManifests('f.yaml', 'a: 1\nb: [\n')).toThrow(/^f\.yaml:\d: is not valid YAML: /);
    expect(() => parseManifests('f.yaml', 'a: 1\na: 2\n')).toThrow(/^f\.yaml:2: is not valid YAML: /);
  });
});

describe('penstock validate', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'penstock-cli-'));
    await mkdir(path.join(folder, 'sub', '.hidden'), { recursive: true });
    await writeFile(path.join(folder, 'sub', 'team.yaml'), 'kind: Team\nmetadata: {name: a}\nspec: {displayName: A}\n');
    await writeFile(path.join(folder, 'quota.yml'), 'kind: Quota\nmetadata: {name: q}\nspec:\n  limits: []\n');
    await writeFile(path.join(folder, 'sub', '.hidden', 'x.yaml'), 'kind: Planet');
    await writeFile(path.join(folder, 'README.md'), '# no manifest');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('reads folders, and ends with 1 for a fault', async () => {
    const { code, out, say } = await runCommand(['validate', '-f', folder], {});
    expect(code).toBe(1);
    expect(out).toMatch(/quota\.yml:4: Quota q: spec\.limits: .+\n$/);
    expect(say).toBe('penstock: 1 fault.\n');
  });

  it('reads standard input, and answers as JSON', async () => {
    const readInput = async () => 'kind: Team\nmetadata: {name: a}\nspec: {displayName: A}\n';
    const valid = await runCommand(['validate', '-f', '-'], {}, { readInput });
    expect(valid).toEqual({ code: 0, out: '1 document is valid\n', say: '' });
    const { out } = await runCommand(['validate', '-f', '-', '-o', 'json'], {}, { readInput });
    expect(JSON.parse(out)).toEqual({ documents: 1, faults: [] });
  });

  it.each([
    ['/nowhere/at-all.yaml', 'cannot be read'],
    ['-', 'There is no document in -'],
  ])('says what is wrong with %s', async (file, message) => {
    const { code, say } = await runCommand(['validate', '-f', file], {});
    expect([code, say]).toEqual([1, expect.stringContaining(message)]);
  });
});
