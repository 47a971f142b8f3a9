import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checkPolicies, findPolicy, POLICY_CATALOGUE, policyFields, type PolicyLists } from '@penstock/contracts';
import { policyFaults } from '@penstock/policies';
import { parse } from 'yaml';
import { z } from 'zod';

const PAGES = path.resolve(import.meta.dirname, '../../../../docs/policies');

/** By which the examples' proxies know their providers. */
const PROVIDERS = new Set([
  'lab-vllm',
  'lab-vllm-2',
  'anthropic',
  'openai',
  'anthropic-provider',
  'azure-openai-provider',
  'bedrock-provider',
  'gemini-provider',
  'mistral-provider',
  'openai-provider',
]);

describe.each(POLICY_CATALOGUE.map(({ name }) => name))('the page of %s', (name) => {
  const page = readFileSync(path.join(PAGES, `${name}.md`), 'utf8');
  const example = parse(/```yaml\n(.*?)```/s.exec(page)?.[1] ?? '') as unknown;
  const lists: PolicyLists = z.object(policyFields).parse(example);

  it('has an example that can be pasted', () => {
    const checked = z
      .unknown()
      .superRefine((_value, context) => checkPolicies(lists, PROVIDERS, context))
      .safeParse(null);
    expect([checked.error?.issues ?? [], policyFaults(lists)]).toEqual([[], []]);
    // Under its name, or as the transformer of a provider.
    expect(JSON.stringify(example)).toContain(`"${name}"`);
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
