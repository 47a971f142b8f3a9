import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { POLICY_CATALOGUE, PolicyDescriptions } from '@penstock/contracts';
import { describePolicies } from './describe-policies.ts';

const root = path.resolve(import.meta.dirname, '../../../..');
const described = describePolicies();
const parametersOf = (wanted: string) => described.find(({ name }) => name === wanted)?.parameters;

describe('the catalogue of policies', () => {
  it('has every policy, as its contract says', () => {
    expect(described.map(({ name }) => name)).toEqual(POLICY_CATALOGUE.map(({ name }) => name));
    expect(PolicyDescriptions.parse({ items: described })).toEqual({ items: described });
    expect(described.find(({ name }) => name === 'llm-header-router')?.aliases).toEqual(['openai-header-router']);
  });

  it.each(described.map(({ name, docs }) => [name, docs]))('has a page for %s', (_name, docs) => {
    expect(existsSync(path.join(root, docs))).toBe(true);
  });

  it('describes parameters as they are written: with defaults, bounds and what must be there', () => {
    expect(parametersOf('api-key-auth')).toMatchObject({
      type: 'object',
      properties: {
        key: { type: 'string', default: 'API-Key', maxLength: 128 },
        in: { enum: ['header', 'query'] },
      },
      additionalProperties: false,
    });
    expect(parametersOf('request-size')).toMatchObject({
      required: ['maxBytes'],
      properties: { maxBytes: { minimum: 1 } },
    });
    expect(parametersOf('api-key-auth')).not.toHaveProperty('required');
  });

  it('stands for itself: what may be any JSON is the empty schema, and nothing refers to what is not there', () => {
    expect(parametersOf('json-schema-guardrail')).toMatchObject({
      properties: {
        request: { properties: { schema: { anyOf: [{ additionalProperties: {} }, { type: 'string' }] } } },
      },
    });
    for (const { parameters } of described) {
      const { $defs = {} } = parameters;
      const references = JSON.stringify(parameters).matchAll(/"#\/\$defs\/(\w+)"/g);
      expect(
        [...references].map(([, name]) => name).filter((name) => !Object.hasOwn($defs as object, String(name))),
      ).toEqual([]);
    }
  });
});
