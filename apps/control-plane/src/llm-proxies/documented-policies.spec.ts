import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checkPolicies, findPolicy, type PolicyLists } from '@penstock/contracts';
import { policyFaults } from '@penstock/policies';
import { parse } from 'yaml';
import { z } from 'zod';

const PAGES = path.resolve(import.meta.dirname, '../../../../docs/policies');

describe.each([
  'regex-guardrail',
  'word-count-guardrail',
  'sentence-count-guardrail',
  'content-length-guardrail',
  'json-schema-guardrail',
  'pii-masking-regex',
  'prompt-decorator',
  'prompt-template',
])('the page of %s', (name) => {
  const page = readFileSync(path.join(PAGES, `${name}.md`), 'utf8');
  const example = parse(/```yaml\n(.*?)```/s.exec(page)?.[1] ?? '') as Pick<PolicyLists, 'policies'>;

  it('has an example that can be pasted', () => {
    const lists: PolicyLists = { globalPolicies: [], operationPolicies: [], ...example };
    const checked = z
      .unknown()
      .superRefine((_value, context) => checkPolicies(lists, new Set(), context))
      .safeParse(null);
    expect([checked.error?.issues ?? [], policyFaults(lists)]).toEqual([[], []]);
    expect(example.policies).toMatchObject([{ name }]);
  });

  it('names every parameter', () => {
    const json = JSON.stringify(
      z.toJSONSchema(findPolicy(name)?.params ?? z.never(), { io: 'input', unrepresentable: 'any' }),
    );
    const schema = JSON.parse(json) as { readonly properties: Record<string, { readonly properties?: object }> };
    const names = Object.entries(schema.properties).flatMap(([key, { properties = {} }]) => [
      key,
      ...Object.keys(properties),
    ]);
    expect(names.filter((key) => !page.includes(key))).toEqual([]);
  });
});
