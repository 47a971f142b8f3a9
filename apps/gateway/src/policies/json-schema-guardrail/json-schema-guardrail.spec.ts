import { describe, expect, it } from '@jest/globals';
import { JsonSchemaGuardrail } from '@penstock/contracts';
import { PolicyBench, spoken, textIn } from '../text/testing/policy-bench.ts';
import { jsonSchemaGuardrail } from './index.ts';

const schema = {
  type: 'object',
  properties: { name: { type: 'string', pattern: '^[a-z]+$' }, pattern: { type: 'integer' } },
  required: ['name'],
};
const chat = (content: string) => ({ messages: [{ role: 'user', content }] });
const refusal = (direction: string, more = {}) => ({
  status: 422,
  body: {
    type: 'JSON_SCHEMA_GUARDRAIL',
    message: {
      action: 'GUARDRAIL_INTERVENED',
      interveningGuardrail: 'json-schema-guardrail',
      actionReason: 'Violation of JSON schema detected.',
      direction,
      ...more,
    },
  },
});

describe('C json-schema-guardrail', () => {
  it.each([
    ['as text', JSON.stringify(schema)],
    ['as it is', schema],
  ])('C json-schema-guardrail: judges the newest message; the schema %s', async (_name, written) => {
    const bench = new PolicyBench(jsonSchemaGuardrail, { request: { schema: written } });
    expect((await bench.request(chat('{"name":"bob","pattern":1}'))).answer).toBeUndefined();
    for (const text of ['{"name":"Bob"}', '{"name":"bob","pattern":"x"}', '{}', 'not JSON', '[]']) {
      expect((await bench.request(chat(text))).answer).toEqual(refusal('REQUEST'));
    }
  });

  it('C json-schema-guardrail: tells where it does not fit', async () => {
    const bench = new PolicyBench(jsonSchemaGuardrail, { request: { schema, showAssessment: true } });
    const assessments = expect.arrayContaining([{ field: '#', description: expect.stringContaining('name') }]);
    expect((await bench.request(chat('{}'))).answer).toEqual(refusal('REQUEST', { assessments }));
  });

  it('C json-schema-guardrail: tells of a pattern in its own words', async () => {
    const bench = new PolicyBench(jsonSchemaGuardrail, { request: { schema, showAssessment: true } });
    const description = 'String does not match pattern "^[a-z]+$".';
    const assessments = expect.arrayContaining([{ field: '#/name', description }]);
    expect((await bench.request(chat('{"name":"B"}'))).answer).toEqual(refusal('REQUEST', { assessments }));
  });

  it('C json-schema-guardrail: with invert refuses what fits', async () => {
    const bench = new PolicyBench(jsonSchemaGuardrail, { request: { schema, invert: true } });
    expect((await bench.request(chat('{"name":"bob"}'))).answer).toEqual(refusal('REQUEST'));
    expect((await bench.request(chat('{}'))).answer).toBeUndefined();
    expect((await bench.request(chat('not JSON'))).answer).toBeUndefined();
  });

  it('C json-schema-guardrail: judges the value that a path names', async () => {
    const bench = new PolicyBench(jsonSchemaGuardrail, { request: { schema: { maximum: 5 }, jsonPath: '$.n' } });
    expect((await bench.request({ n: 4 })).answer).toBeUndefined();
    expect((await bench.request({ n: 6 })).answer).toEqual(refusal('REQUEST'));
  });

  it.each([
    ['draft-07', 'http://json-schema.org/draft-07/schema#', { dependencies: { a: ['b'] } }, { a: 1 }],
    ['2020-12', undefined, { prefixItems: [{ type: 'string' }] }, [1]],
  ])('C json-schema-guardrail: knows %s', async (_name, $schema, more, value) => {
    const own = { ...($schema && { $schema }), ...more };
    const bench = new PolicyBench(jsonSchemaGuardrail, { request: { schema: own } });
    expect((await bench.request(chat(JSON.stringify(value)))).answer).toEqual(refusal('REQUEST'));
  });

  it('C json-schema-guardrail: takes no time on texts that are made to take long', async () => {
    const url = { type: 'string', format: 'url' };
    const own = { properties: { a: { pattern: '^(a+)+$' }, b: url, c: { uniqueItems: true } } };
    const bench = new PolicyBench(jsonSchemaGuardrail, { request: { schema: own } });
    const startedAt = performance.now();
    const long = [
      { a: `${'a'.repeat(50_000)}!` },
      { b: `http://${'a'.repeat(50_000)}!` },
      { c: Array.from({ length: 1e5 }, (_, n) => n) },
    ];
    for (const value of long)
      expect((await bench.request(chat(JSON.stringify(value)))).answer).toEqual(refusal('REQUEST'));
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it('C json-schema-guardrail: refuses where a schema leads in circles or nowhere', async () => {
    for (const own of [{ $ref: '#' }, { $ref: 'https://elsewhere.example/schema' }]) {
      const bench = new PolicyBench(jsonSchemaGuardrail, { request: { schema: own } });
      expect((await bench.request(chat('{}'))).answer).toEqual(refusal('REQUEST'));
    }
  });

  it('C json-schema-guardrail: names the patterns of its schema, so that they are checked when it is saved', () => {
    const params = JsonSchemaGuardrail.params.parse({ request: { schema } });
    expect(JsonSchemaGuardrail.patternsIn?.(params)).toEqual([
      { path: ['request', 'schema', 'properties', 'name', 'pattern'], pattern: '^[a-z]+$' },
    ]);
    const byPattern = { request: { schema: { patternProperties: { a: {} } } } };
    expect(JsonSchemaGuardrail.params.safeParse(byPattern).success).toBe(false);
    expect(JsonSchemaGuardrail.params.safeParse({ request: { schema: '{' } }).success).toBe(false);
  });
});

describe('C json-schema-guardrail: streams', () => {
  const bench = new PolicyBench(jsonSchemaGuardrail, { response: { schema } });

  it('releases an answer that fits once it is whole', () => {
    const { events, error } = bench.stream(spoken('{"na', 'me":', '"bob"}'));
    expect([error, textIn(events)]).toEqual([null, '{"name":"bob"}']);
    expect(events.map(({ type }) => type)).toEqual(['start', 'text', 'part-end', 'finish', 'end']);
  });

  it('releases nothing of one that does not, or that is too long', () => {
    const wrong = bench.stream(spoken('{"name":', '1}'));
    expect([wrong.error, textIn(wrong.events)]).toEqual(['Violation of JSON schema detected.', '']);
    const long = bench.stream(spoken(...Array.from({ length: 20 }, () => '"'.repeat(64 * 1024))));
    expect([long.error, textIn(long.events)]).toEqual(['Violation of JSON schema detected.', '']);
  });

  it('lets an answer that only calls tools pass', () => {
    const start = { type: 'tool-call-start', key: 'c', id: '1', name: 'f', kind: 'function' } as const;
    const events = [start, ...spoken().slice(-2)];
    expect(bench.stream(events)).toEqual({ events, error: null });
  });
});
