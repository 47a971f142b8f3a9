import { describe, expect, it } from '@jest/globals';
import { customResourceDefinitions } from './custom-resource-definitions.ts';

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
}

/** What a schema says of the member at a path; `[]` goes into the items of a list. */
function at(schema: Node | undefined, ...steps: readonly string[]): Node | undefined {
  return steps.reduce<Node | undefined>(
    (node, step) => (step === '[]' ? node?.items : node?.properties?.[step]),
    schema,
  );
}
const specOf = (kind: string) => {
  const definition = customResourceDefinitions().find(({ spec }) => spec.names.kind === kind);
  return at(definition?.spec.versions[0]?.schema.openAPIV3Schema as Node | undefined, 'spec');
};

describe('the resource of a proxy', () => {
  it('G7: has credentials and transformers of all its providers', () => {
    const spec = specOf('LlmProxy');
    for (const provider of [at(spec, 'provider'), at(spec, 'additionalProviders', '[]')]) {
      expect(Object.keys(provider?.properties ?? {})).toEqual(expect.arrayContaining(['id', 'auth']));
      expect(Object.keys(at(provider, 'auth')?.properties ?? {})).toEqual(
        expect.arrayContaining(['type', 'header', 'value']),
      );
    }
    const additional = at(spec, 'additionalProviders', '[]');
    expect(Object.keys(additional?.properties ?? {})).toEqual(expect.arrayContaining(['as', 'transformer']));
    expect(Object.keys(at(additional, 'transformer')?.properties ?? {})).toEqual(
      expect.arrayContaining(['type', 'version', 'params']),
    );
  });
});
