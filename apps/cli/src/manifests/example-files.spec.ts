import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { SourceDocument } from './source-document.ts';
import { parseManifests } from './read-manifest-files.ts';
import { describeManifestFault, validateManifests } from './validate-manifests.ts';

const ROOT = path.resolve(import.meta.dirname, '../../../..');

interface Auth {
  readonly type: string;
  readonly header?: string;
}
interface Policy {
  readonly name: string;
  readonly executionCondition?: string;
  readonly params?: { readonly key?: string };
  readonly paths?: readonly {
    readonly path: string;
    readonly methods: readonly string[];
    readonly params?: { readonly key?: string };
  }[];
}
/** A spec, as far as the rules below look into it. */
interface Spec {
  readonly provider?: { readonly id: string; readonly auth?: Auth };
  readonly additionalProviders?: readonly { readonly id: string; readonly auth?: Auth }[];
  readonly upstream?: { readonly auth?: Auth };
  readonly accessControl?: {
    readonly exceptions?: readonly { readonly path: string; readonly methods: readonly string[] }[];
  };
  readonly policies?: readonly Policy[];
  readonly globalPolicies?: readonly Policy[];
  readonly operationPolicies?: readonly Policy[];
}

let files: readonly { readonly name: string; readonly documents: readonly SourceDocument[] }[] = [];
/** The examples, and what the pages show. */
let texts: readonly { readonly name: string; readonly text: string }[] = [];

const readAll = async (folder: string, ending: string) => {
  const names = (await readdir(path.join(ROOT, folder), { recursive: true })).filter((name) => name.endsWith(ending));
  return names.toSorted().map((name) => ({ name, text: readFileSync(path.join(ROOT, folder, name), 'utf8') }));
};
const specOf = ({ value }: SourceDocument): Spec => (value as { readonly spec: Spec }).spec;
const policiesOf = ({ policies = [], globalPolicies = [], operationPolicies = [] }: Spec): readonly Policy[] => [
  ...globalPolicies,
  ...operationPolicies,
  ...policies,
];
const keyPoliciesOf = (spec: Spec) => policiesOf(spec).filter(({ name }) => name === 'api-key-auth');
/** The headers in which a provider asks for a key, in lower case. */
const keyHeadersOf = (spec: Spec): readonly string[] =>
  keyPoliciesOf(spec)
    .flatMap(({ params, paths = [] }) => [params, ...paths.map((entry) => entry.params)])
    .flatMap((params) => params?.key?.toLowerCase() ?? []);
const hopsOf = ({ provider, additionalProviders = [] }: Spec) => [
  ...(provider ? [provider] : []),
  ...additionalProviders,
];
/** All documents of a kind with the file that they stand in. */
const ofKind = (kind: string) =>
  files.flatMap(({ name, documents }) =>
    documents.filter((document) => document.kind === kind).map((document) => ({ file: name, documents, document })),
  );

beforeAll(async () => {
  const examples = await readAll('examples', '.yaml');
  texts = [...examples, ...(await readAll('docs', '.md')), ...(await readAll('examples', '.md'))];
  files = examples.map(({ name, text }) => ({ name, documents: parseManifests(name, text) }));
});

describe('the example files', () => {
  it('G3: are manifests without a fault', () => {
    expect(files.length).toBeGreaterThan(10);
    for (const { documents } of files) {
      expect(documents.length).toBeGreaterThan(0);
      expect(validateManifests(documents).map(describeManifestFault)).toEqual([]);
    }
  });

  it('G2: every path that a provider lets through asks for a key, by the same methods', () => {
    const limited = ofKind('LlmProvider').filter(({ document }) => specOf(document).accessControl?.exceptions?.length);
    expect(limited.length).toBeGreaterThan(0);
    for (const { file, document } of limited) {
      const spec = specOf(document);
      const asked = keyPoliciesOf(spec).flatMap(({ paths }) => paths ?? [{ path: '*', methods: ['*'] }]);
      for (const exception of spec.accessControl?.exceptions ?? []) {
        const methods = asked
          .filter((entry) => entry.path === exception.path || entry.path === '*')
          .flatMap((entry) => entry.methods);
        const open = exception.methods.filter((method) => !methods.includes(method) && !methods.includes('*'));
        expect([file, exception.path, open]).toEqual([file, exception.path, []]);
      }
    }
  });

  it('G4 and G7: a proxy shows a key to each of its providers that asks for one, in its header', () => {
    const asked: string[] = [];
    for (const { file, documents, document } of ofKind('LlmProxy')) {
      for (const { id, auth } of hopsOf(specOf(document))) {
        const provider = documents.find(({ kind, name }) => kind === 'LlmProvider' && name === id);
        const headers = provider ? keyHeadersOf(specOf(provider)) : [];
        if (headers.length === 0) continue;
        asked.push(id);
        expect([file, id, auth?.type, headers]).toEqual([
          file,
          id,
          'api-key',
          expect.arrayContaining([auth?.header?.toLowerCase()]),
        ]);
      }
    }
    expect(asked.length).toBeGreaterThan(0);
  });

  it('G10: no policy asks a condition for what its provider already says', () => {
    const policies = files.flatMap(({ documents }) => documents.flatMap((document) => policiesOf(specOf(document))));
    expect(policies.length).toBeGreaterThan(0);
    const translators = policies.filter(({ name }) => name.startsWith('openai-to-'));
    expect(translators.filter(({ executionCondition }) => executionCondition !== undefined)).toEqual([]);
    for (const { name, text } of texts) {
      expect([name, text.match(/executionCondition:.*selected_provider/g)]).toEqual([name, null]);
    }
  });

  it('G11: the type of a credential is "api-key"; "x-api-key" is a header', () => {
    const types = files.flatMap(({ documents }) =>
      documents.flatMap((document) => {
        const spec = specOf(document);
        return [spec.upstream?.auth, ...hopsOf(spec).map(({ auth }) => auth)].flatMap((auth) => auth?.type ?? []);
      }),
    );
    expect(types.length).toBeGreaterThan(10);
    expect([...new Set(types)].toSorted()).toEqual(['api-key']);
    for (const { name, text } of texts) {
      expect([name, text.match(/type:\s*["']?x-api-key/gi)]).toEqual([name, null]);
    }
  });
});
