import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CanonicalPart } from '../canonical/canonical-part.ts';
import type { CanonicalRequest } from '../canonical/canonical-request.ts';
import type { JsonObject } from '../canonical/json.ts';
import { resolveModelProfile } from '../canonical/profile/resolve-model-profile.ts';
import { Warnings } from '../canonical/warnings.ts';
import { parseFaithfully } from '../json/parse-faithfully.ts';
import { decodeRequest } from './decode-request.ts';
import { encodeRequest } from './encode-request.ts';

const context = () => ({
  upstreamModel: 'claude',
  profile: resolveModelProfile('anthropic', { defaultMaxOutputTokens: 4321, strictTools: true }),
  warnings: new Warnings('lenient'),
});

const request = (fields: Partial<CanonicalRequest>): CanonicalRequest => ({
  dialect: 'openai-chat',
  model: 'm',
  stream: false,
  includeUsage: false,
  system: [],
  turns: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
  tools: [],
  output: { kind: 'text' },
  extra: {},
  answer: {},
  ...fields,
});

const encode = (fields: Partial<CanonicalRequest>): JsonObject =>
  JSON.parse(JSON.stringify(encodeRequest(request(fields), context()))) as JsonObject;
const contentOf = (role: 'user' | 'assistant', ...parts: CanonicalPart[]): unknown =>
  (encode({ turns: [{ role, parts }] })['messages'] as { content: unknown }[])[0]?.content;

const tool = { kind: 'function', name: 'f', parameters: { type: 'object', properties: {} } } as const;

describe('encodeRequest for Anthropic', () => {
  it('writes the least that Anthropic demands', () => {
    expect(encode({})).toEqual({
      model: 'claude',
      max_tokens: 4321,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
    });
  });

  it('keeps the borders of system texts (R01)', () => {
    const system = [
      { type: 'text', text: 'S1', origin: 'system', cache: { ttl: '1h' } },
      { type: 'text', text: 'D1', origin: 'developer' },
    ] as const;
    expect(encode({ system })['system']).toEqual([
      { type: 'text', text: 'S1', cache_control: { type: 'ephemeral', ttl: '1h' } },
      { type: 'text', text: 'D1' },
    ]);
  });

  it('writes results before what the user says (R08)', () => {
    const result = (callId: string): CanonicalPart => ({
      type: 'tool-result',
      callId,
      parts: [{ type: 'text', text: callId }],
      isError: callId === 'c2',
    });
    expect(contentOf('user', result('c1'), result('c2'), { type: 'text', text: 'go' })).toEqual([
      { type: 'tool_result', tool_use_id: 'c1', content: 'c1' },
      { type: 'tool_result', tool_use_id: 'c2', content: 'c2', is_error: true },
      { type: 'text', text: 'go' },
    ]);
  });

  it('keeps images within a result', () => {
    const image = { type: 'image', source: { kind: 'data', data: 'AA==', mediaType: 'image/png' } } as const;
    expect(contentOf('user', { type: 'tool-result', callId: 'c', parts: [image], isError: false })).toEqual([
      {
        type: 'tool_result',
        tool_use_id: 'c',
        content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } }],
      },
    ]);
  });

  it.each([
    ['', {}],
    ['{"a":12345678901234567890}', { a: 12345678901234567890n }],
    ['{"a":', { _raw: '{"a":' }],
    ['[1]', { value: [1] }],
    ['1.0', { value: 1 }],
  ])('makes an object of the arguments %j (R65, R67)', (text, expected) => {
    const call = { type: 'tool-call', id: 'c', name: 'f', arguments: text, kind: 'function' } as const;
    const body = JSON.stringify(encodeRequest(request({ turns: [{ role: 'assistant', parts: [call] }] }), context()));
    const written = /"input":(.*)\}\]\}\]/.exec(body)?.[1];
    const asText = JSON.stringify(expected, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
    expect(written?.replace('1.0', '1')).toBe(asText.replaceAll(/"(\d+)n"/g, '$1'));
  });

  it('sends thinking only with a signature of Anthropic (R35)', () => {
    const signature = { dialect: 'anthropic', modelGroup: 'g', value: 'S' } as const;
    expect(
      contentOf(
        'assistant',
        { type: 'reasoning', text: 'forged' },
        { type: 'reasoning', text: '', signature },
        { type: 'reasoning', text: '', redacted: true, signature },
        { type: 'reasoning', text: 'other', signature: { ...signature, dialect: 'gemini' } },
        { type: 'text', text: 'x' },
      ),
    ).toEqual([
      { type: 'thinking', thinking: '', signature: 'S' },
      { type: 'redacted_thinking', data: 'S' },
      { type: 'text', text: 'x' },
    ]);
  });

  it.each([
    [
      { toolChoice: { mode: 'named', name: 'f' }, parallelToolCalls: false },
      { type: 'tool', name: 'f', disable_parallel_tool_use: true },
    ],
    [{ toolChoice: { mode: 'none' }, parallelToolCalls: false }, { type: 'none' }],
    [{ toolChoice: { mode: 'required' } }, { type: 'any' }],
    [{ parallelToolCalls: false }, { type: 'auto', disable_parallel_tool_use: true }],
    [{ parallelToolCalls: true }, undefined],
  ] as const)('writes the choice %j (R52, R53)', (fields, expected) => {
    const body = encode({ tools: [tool], ...fields });
    expect(body['tool_choice']).toEqual(expected);
    expect(body['tools']).toHaveLength(1);
  });

  it('writes no choice without tools', () => {
    expect(encode({ toolChoice: { mode: 'auto' } })).not.toHaveProperty('tool_choice');
  });

  it('writes whole schemas and adds the type that is missing', () => {
    const parameters = { properties: { a: { $ref: '#/$defs/x' } }, $defs: { x: {} }, additionalProperties: false };
    expect(
      encode({
        tools: [
          { ...tool, parameters },
          { kind: 'function', name: 'g', strict: true },
        ],
      })['tools'],
    ).toEqual([
      { name: 'f', input_schema: { type: 'object', ...parameters } },
      { name: 'g', input_schema: { type: 'object', properties: {} }, strict: true },
    ]);
  });

  it.each([
    [{ effort: 'none' }, { thinking: { type: 'disabled' } }],
    [{ budget: 2000 }, { thinking: { type: 'enabled', budget_tokens: 2000 } }],
    [
      { effort: 'minimal' },
      { thinking: { type: 'adaptive', display: 'summarized' }, output_config: { effort: 'low' } },
    ],
    [
      { effort: 'high', display: 'omitted' },
      { thinking: { type: 'adaptive', display: 'omitted' }, output_config: { effort: 'high' } },
    ],
    [{ display: 'summarized' }, {}],
  ] as const)('writes how hard to think of %j', (reasoning, expected) => {
    const { thinking, output_config } = encode({ reasoning });
    expect({ thinking, output_config }).toEqual({ thinking: undefined, output_config: undefined, ...expected });
  });

  it('writes the schema of the answer (R73)', () => {
    const output = { kind: 'schema', schema: { type: 'object' } } as const;
    expect(encode({ output })['output_config']).toEqual({
      format: { type: 'json_schema', schema: { type: 'object' } },
    });
  });

  it.each([
    [{ type: 'audio', source: { kind: 'data', data: '', mediaType: 'audio/wav' }, path: 'p' }],
    [{ type: 'image', source: { kind: 'file-id', id: 'f', dialect: 'gemini' }, path: 'p' }],
  ] as const)('refuses %j', (part) => {
    expect(() => contentOf('user', part)).toThrow(expect.objectContaining({ code: 'unsupported_content', param: 'p' }));
  });
});

const mark = fc.constantFrom(
  {},
  { cache_control: { type: 'ephemeral' } },
  { cache_control: { type: 'ephemeral', ttl: '1h' } },
);
const text = fc
  .tuple(fc.string({ minLength: 1 }), mark)
  .map(([value, cache]) => ({ type: 'text', text: value, ...cache }));
const image = fc.constant({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } });
const document = fc.constant({ type: 'document', source: { type: 'url', url: 'https://x' }, title: 'T' });
const result = fc.array(fc.oneof(text, image), { minLength: 2 }).map((content) => ({
  type: 'tool_result',
  tool_use_id: 'c',
  content,
  is_error: true,
}));
const assistantBlock = fc.oneof(
  text,
  fc.record({ type: fc.constant('thinking'), thinking: fc.string(), signature: fc.constant('Eq==') }),
  fc.record({ type: fc.constant('redacted_thinking'), data: fc.constant('Rx') }),
  fc.record({
    type: fc.constant('tool_use'),
    id: fc.string(),
    name: fc.string(),
    input: fc.dictionary(fc.string(), fc.jsonValue()),
  }),
  fc.constant({ type: 'server_tool_use', id: 's', name: 'web_search', input: {} }),
);
const message = fc.oneof(
  fc.record({
    role: fc.constant('user'),
    content: fc.array(fc.oneof(text, image, document, result), { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ role: fc.constant('assistant'), content: fc.array(assistantBlock, { minLength: 1, maxLength: 4 }) }),
);
const body = fc.record(
  {
    model: fc.constant('claude'),
    max_tokens: fc.nat(),
    messages: fc.array(message, { minLength: 1, maxLength: 4 }),
    system: fc.array(text, { minLength: 1, maxLength: 3 }),
    tools: fc.constant([
      { name: 'f', description: 'd', input_schema: { type: 'object' }, cache_control: { type: 'ephemeral' } },
      { type: 'bash_20250124', name: 'bash' },
    ]),
    temperature: fc.double({ min: 0, max: 1, noNaN: true }),
    top_k: fc.nat(),
    stop_sequences: fc.array(fc.string(), { minLength: 1 }),
    thinking: fc.constantFrom({ type: 'disabled' }, { type: 'enabled', budget_tokens: 1024, display: 'omitted' }),
    metadata: fc.record({ user_id: fc.string() }),
    service_tier: fc.constantFrom('auto', 'standard_only'),
    cache_control: fc.constant({ type: 'ephemeral', ttl: '1h' }),
    stream: fc.constant(true),
    container: fc.string(),
  },
  { requiredKeys: ['model', 'max_tokens', 'messages'] },
);

describe('a request that is decoded and encoded again', () => {
  it('is what it was, blocks of Anthropic alone and unknown fields included', () => {
    fc.assert(
      fc.property(body, (sent) => {
        const document = JSON.parse(JSON.stringify(sent)) as JsonObject;
        const received = encodeRequest(decodeRequest(parseFaithfully(JSON.stringify(sent)) as JsonObject), context());
        expect(JSON.parse(JSON.stringify(received))).toEqual(document);
      }),
      { numRuns: 300 },
    );
  });
});
