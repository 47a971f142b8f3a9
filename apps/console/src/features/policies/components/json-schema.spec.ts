import { describe, expect, it } from '@jest/globals';
import { DESCRIBED_POLICIES } from '../../../testing/policy-catalogue.test.ts';
import { branchesOf, branchOf, hasType, kindOf, parameterSchema, type JsonSchema } from './json-schema.ts';
import { startGroup, UnfinishedJson, unfinishedPaths } from './schema-value.ts';
import { boundsOf, branchLabel, labelOf } from './schema-words.ts';

const schemaOf = (name: string): JsonSchema =>
  parameterSchema(DESCRIBED_POLICIES.find((policy) => policy.name === name) ?? { parameters: {} });
const property = (policy: string, name: string): JsonSchema => schemaOf(policy).properties?.[name] ?? {};

describe('the kind of a field', () => {
  it.each([
    [{ type: 'string' }, 'text'],
    [{ type: 'string', maxLength: 65_536 }, 'long-text'],
    [{ type: 'integer', minimum: 1 }, 'number'],
    [{ type: 'boolean' }, 'switch'],
    [{ type: 'string', enum: ['a', 'b'] }, 'choice'],
    [{ const: 'a' }, 'choice'],
    [{ enum: [1, 2] }, 'choice'],
    [{ enum: ['a', null] }, 'json'],
    [{ type: 'array', items: { type: 'string' } }, 'texts'],
    [{ type: 'array', items: { enum: ['a', 'b'] } }, 'choices'],
    [{ type: 'array', items: { type: 'object', properties: {} } }, 'list'],
    [{ type: 'array', items: {} }, 'json'],
    [{ type: 'object', properties: { a: {} } }, 'group'],
    [{ type: 'object', additionalProperties: { type: 'string' } }, 'record'],
    [{ type: 'object', additionalProperties: {} }, 'json'],
    [{ anyOf: [{ type: 'string' }, { type: 'number' }] }, 'union'],
    [{ anyOf: [{ type: 'string' }] }, 'text'],
    [{}, 'json'],
  ] as const)('of %j is %s', (schema, kind) => {
    expect(kindOf(schema)).toBe(kind);
  });

  it('is a group for the parameters of every policy that there is', () => {
    for (const policy of DESCRIBED_POLICIES) {
      expect({ name: policy.name, kind: kindOf(parameterSchema(policy)) }).toEqual({
        name: policy.name,
        kind: 'group',
      });
    }
  });

  it('of a schema that refers to itself is JSON, and of one that refers to another is that one’s', () => {
    const parameters = {
      type: 'object',
      properties: { any: { $ref: '#/$defs/any' }, name: { $ref: '#/$defs/name', description: 'whose' } },
      $defs: { any: { type: 'array', items: { $ref: '#/$defs/any' } }, name: { type: 'string', maxLength: 5 } },
    };
    const { any = {}, name = {} } = parameterSchema({ parameters }).properties ?? {};
    expect(name).toEqual({ type: 'string', maxLength: 5, description: 'whose' });
    expect(kindOf(any)).not.toBe('texts');
    expect(JSON.stringify(any)).not.toContain('$ref');
  });
});

describe('alternatives', () => {
  const simplified = (anyOf: readonly JsonSchema[]) =>
    parameterSchema({ parameters: { properties: { a: { anyOf } } } as never }).properties?.['a'];

  it('that are fixed values are one choice', () => {
    expect(simplified([{ const: 401 }, { const: 403 }])).toEqual({ enum: [401, 403] });
  });

  it('that are texts are one text, unless they are told apart by a title', () => {
    expect(simplified([{ const: '0s' }, { type: 'string', maxLength: 40 }])).toEqual({ type: 'string', maxLength: 40 });
    expect(kindOf(simplified([{ type: 'string' }, { type: 'string', title: 'JSON text' }]) ?? {})).toBe('union');
  });
});

describe('a value that can be written in several ways', () => {
  const branches = branchesOf(property('prompt-decorator', 'promptDecoratorConfig'));

  it('has a name for each way', () => {
    expect(branches.map(branchLabel)).toEqual(['Decoration', 'Text', 'Messages', 'JSON text']);
  });

  it.each([
    [{ decoration: 'x' }, 0],
    [{ text: 'x' }, 1],
    [{ messages: [] }, 2],
    ['{"text":"x"}', 3],
    [17, 0],
  ])('%j is the way number %i', (value, index) => {
    expect(branchOf(branches, value)).toBe(index);
  });
});

describe('what a form begins with', () => {
  it('has what must be there, and leaves out what has a default', () => {
    expect(startGroup(schemaOf('llm-header-router'))).toEqual({ mappings: [{ headerValue: '', provider: '' }] });
    expect(startGroup(schemaOf('regex-guardrail'))).toEqual({});
    expect(startGroup(schemaOf('prompt-decorator'))).toEqual({ promptDecoratorConfig: { decoration: '' } });
  });
});

describe('a value', () => {
  it('that no field could show is known', () => {
    const list: JsonSchema = { type: 'array', items: { type: 'string' } };
    expect([hasType(list, ['a', null]), hasType(list, [{}]), hasType(list, 'a')]).toEqual([true, false, false]);
  });

  it('that is not JSON yet is found wherever it stands', () => {
    const value = { a: [{ b: new UnfinishedJson('{') }], c: 1 };
    expect(unfinishedPaths(value)).toEqual([['a', 0, 'b']]);
  });
});

describe('words for a parameter', () => {
  it.each([
    ['streamingJsonPath', 'Streaming JSON path'],
    ['customPIIEntities', 'Custom PII entities'],
    ['ttlSeconds', 'TTL seconds'],
    ['redactPII', 'Redact PII'],
    ['on', 'On'],
    ['jwks_url', 'JWKS URL'],
  ])('%s is %s', (name, label) => {
    expect(labelOf(name)).toBe(label);
  });

  it('say what values there may be', () => {
    expect(boundsOf(property('request-size', 'maxBytes'))).toBe('whole number, 1 to 1,073,741,824');
    expect(boundsOf(property('api-key-auth', 'in'))).toBe('header, query');
    expect(boundsOf(property('cors', 'allowedOrigins'))).toBe('texts, 1 to 100');
  });
});

describe('parameters that name a provider', () => {
  it.each([
    ['semantic-cache', property('semantic-cache', 'embeddingProvider')],
    ['llm-header-router', property('llm-header-router', 'defaultProvider')],
    ...['model-round-robin', 'model-weighted-round-robin', 'least-busy', 'lowest-latency'].map(
      (name) => [name, property(name, 'models').items?.properties?.['provider'] ?? {}] as const,
    ),
    ['fallback', property('fallback', 'targets').items?.properties?.['provider'] ?? {}],
    ['model-router', property('model-router', 'rules').items?.properties?.['provider'] ?? {}],
  ] as const)('of %s suggest those that there are', (_, schema) => {
    expect(schema['x-suggestions']).toBe('providers');
    expect(schema.type).toBe('string');
  });
});
