import { describe, expect, it } from '@jest/globals';
import type { ModelProfileOverrides } from '@penstock/contracts';
import fc from 'fast-check';
import type { CanonicalPart } from '../canonical/canonical-part.ts';
import type { CanonicalRequest, CanonicalTool } from '../canonical/canonical-request.ts';
import type { JsonObject } from '../canonical/json.ts';
import { decodeRequest } from './decode-request.ts';
import { encodeRequest } from './encode-request.ts';
import { requestContext, requestOf } from './testing/chat-fixture.ts';

const encode = (request: CanonicalRequest, overrides: ModelProfileOverrides = {}) =>
  encodeRequest(request, requestContext(overrides));
const withTurns = (...turns: CanonicalRequest['turns']) => ({ ...requestOf({}), turns });
const assistant = (...parts: readonly CanonicalPart[]) => {
  const messages = encode(withTurns({ role: 'assistant', parts })).messages as readonly JsonObject[];
  return messages[0];
};
const call = (fields: object = {}): CanonicalPart => ({
  type: 'tool-call',
  id: 'c1',
  name: 'f',
  arguments: '{"a":1}',
  kind: 'function',
  ...fields,
});
const tool: CanonicalTool = { kind: 'function', name: 'f', strict: true };
const own = { dialect: 'openai-chat', modelGroup: 'g', value: 's' } as const;

describe('encodeRequest of Chat', () => {
  it('asks for the usage of every stream (R29), where it has to be asked for', () => {
    const request = requestOf({ stream: true, stream_options: { include_obfuscation: false } });
    expect(encode(request)).toMatchObject({
      stream: true,
      stream_options: { include_usage: true, include_obfuscation: false },
    });
    expect('stream_options' in encode({ ...request, extra: {} }, { streamUsage: 'always' })).toBe(false);
    expect('stream_options' in encode(requestOf({}))).toBe(false);
  });

  it('writes nothing of tools where there are none (R26)', () => {
    const body = encode(requestOf({ tools: [], tool_choice: 'auto', parallel_tool_calls: true }));
    expect(Object.keys(body)).toEqual(['model', 'messages']);
  });

  it('gives every function a schema with properties (R47)', () => {
    const schemas = [undefined, { type: 'object' }, { type: 'object', properties: { a: {} } }, { anyOf: [] }];
    const tools = schemas.map((parameters) => ({ ...tool, ...(parameters && { parameters }) }));
    const written = encode({ ...requestOf({}), tools }).tools as readonly { function: { parameters: object } }[];
    expect(written.map((entry) => entry.function.parameters)).toEqual([
      { type: 'object', properties: {} },
      { type: 'object', properties: {} },
      { type: 'object', properties: { a: {} } },
      { anyOf: [] },
    ]);
  });

  it('says strict only to those who know it, and names the tool that is forced', () => {
    const request: CanonicalRequest = {
      ...requestOf({}),
      tools: [tool],
      toolChoice: { mode: 'named', name: 'f' },
      parallelToolCalls: false,
    };
    const choice = { tool_choice: { type: 'function', function: { name: 'f' } }, parallel_tool_calls: false };
    expect(encode(request)).toMatchObject({ ...choice, tools: [{ function: { strict: true } }] });
    expect(JSON.stringify(encode(request, { strictTools: false }).tools)).not.toContain('strict');
  });

  it('nests the grammar of a custom tool that a Responses caller wrote', () => {
    const native = {
      dialect: 'openai-responses',
      value: { type: 'grammar', syntax: 'lark', definition: 'x' },
    } as const;
    const body = encode(
      {
        ...requestOf({}),
        tools: [{ kind: 'custom', name: 'sql', native }],
        toolChoice: { mode: 'named', name: 'sql' },
      },
      { customTools: true },
    );
    expect(body).toMatchObject({
      tools: [
        {
          type: 'custom',
          custom: { name: 'sql', format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'x' } } },
        },
      ],
      tool_choice: { type: 'custom', custom: { name: 'sql' } },
    });
  });

  it('writes thinking, text and calls of an assistant as one message (R14, R34)', () => {
    const parts: CanonicalPart[] = [
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'a' },
      call(),
      { type: 'text', text: 'b' },
    ];
    const calls = [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }];
    expect(assistant(...parts)).toEqual({ role: 'assistant', reasoning: 'hm', content: 'ab', tool_calls: calls });
    const request = withTurns({ role: 'assistant', parts });
    expect(encode(request, { reasoningField: 'reasoning_content' }).messages).toMatchObject([
      { reasoning_content: 'hm' },
    ]);
    expect(encode(request, { reasoningField: 'none' }).messages).toEqual([
      { role: 'assistant', content: 'ab', tool_calls: calls },
    ]);
  });

  it('reports text that had to move before the calls', () => {
    const context = requestContext();
    const turn = {
      role: 'assistant',
      parts: [call(), { type: 'text', text: 'b', path: 'messages[0].content[2]' }],
    } as const;
    encodeRequest(withTurns(turn), context);
    expect(context.warnings.header()).toBe('converted:messages[0].content[2]');
  });

  it.each([
    ['', '{}'],
    [' ', '{}'],
    ['{"a":', '{"_raw":"{\\"a\\":"}'],
    ['[1]', '[1]'],
    ['{"n":9007199254740993}', '{"n":9007199254740993}'],
  ])('writes the arguments %j as JSON', (text, expected) => {
    expect(assistant(call({ arguments: text }))).toMatchObject({
      content: null,
      tool_calls: [{ function: { arguments: expected } }],
    });
  });

  it('gives the upstream its own signatures back where it put them', () => {
    const parts: CanonicalPart[] = [
      { type: 'reasoning', text: 'hm', signature: own },
      { type: 'reasoning', text: '', redacted: true, signature: own },
      { type: 'text', text: 't', signature: own },
      call({ signature: own }),
    ];
    const google = { google: { thought_signature: 's' } };
    expect(assistant(...parts)).toMatchObject({
      reasoning_details: [
        { type: 'reasoning.text', text: 'hm', signature: 's', index: 0 },
        { type: 'reasoning.encrypted', data: 's', index: 1 },
      ],
      extra_content: google,
      tool_calls: [{ extra_content: google }],
    });
  });

  it('writes results first, then what the user says, and images in words of their own (R16)', () => {
    const image: CanonicalPart = { type: 'image', source: { kind: 'data', data: 'AAAA', mediaType: 'image/png' } };
    const results: CanonicalPart[] = [
      {
        type: 'tool-result',
        callId: 'a',
        isError: false,
        parts: [
          { type: 'text', text: 'x' },
          { type: 'text', text: 'y' },
        ],
      },
      { type: 'tool-result', callId: 'b', isError: true, parts: [{ type: 'text', text: 'z' }, image] },
    ];
    const url = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } };
    expect(
      encode(withTurns({ role: 'user', parts: [...results, { type: 'text', text: 'go' }, image] })).messages,
    ).toEqual([
      { role: 'tool', tool_call_id: 'a', content: 'x\ny' },
      { role: 'tool', tool_call_id: 'b', content: [{ type: 'text', text: 'z' }, url] },
      { role: 'user', content: [{ type: 'text', text: 'go' }, url] },
    ]);
  });

  it('writes the blocks of another dialect as the parts of one system message', () => {
    const system = [
      { type: 'text', text: 'a', origin: 'system' },
      { type: 'text', text: 'b', origin: 'system' },
    ] as const;
    const parts = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ];
    expect(
      encode({ ...requestOf({}), dialect: 'anthropic', system }, { systemRole: 'developer' }).messages,
    ).toMatchObject([{ role: 'developer', content: parts }, {}]);
  });

  it.each<[object, object]>([
    [{ kind: 'url', url: 'https://a.example/a.pdf' }, { type: 'document' }],
    [{ kind: 'url', url: 'https://a.example/a.wav' }, { type: 'audio' }],
    [{ kind: 'file-id', id: 'x', dialect: 'anthropic' }, { type: 'image' }],
  ])('refuses %j as %j', (source, fields) => {
    const part = { source, path: 'p', ...fields } as CanonicalPart;
    expect(() => encode(withTurns({ role: 'user', parts: [part] }))).toThrow(
      expect.objectContaining({ code: 'unsupported_content', param: 'p' }),
    );
  });

  it('gives a schema the name that it needs', () => {
    const body = encode({
      ...requestOf({}),
      dialect: 'anthropic',
      output: { kind: 'schema', schema: { type: 'object' }, strict: true },
    });
    const json_schema = { name: 'structured_output', schema: { type: 'object' }, strict: true };
    expect(body.response_format).toEqual({ type: 'json_schema', json_schema });
  });

  it('bounds the output in the field that the model knows', () => {
    const request = requestOf({ max_tokens: 5 });
    expect([
      encode(request).max_tokens,
      encode(request, { maxTokensField: 'max_completion_tokens' }).max_completion_tokens,
    ]).toEqual([5, 5]);
  });

  it('writes what it read, whatever was said', () => {
    fc.assert(
      fc.property(arbitraryBody, (body) => {
        const written = encode(decodeRequest(body), { multipleSystem: true, customTools: true });
        expect(written).toEqual({ ...body, model: 'upstream-model' });
      }),
      { numRuns: 200 },
    );
  });
});

const text = fc.string({ minLength: 1, unit: 'grapheme' });
const name = fc.stringMatching(/^[a-z_]{1,12}$/);
const mark = fc.constant({ prompt_cache_breakpoint: { mode: 'explicit' } });
const base64 = fc.base64String({ minLength: 4, maxLength: 12 });
const textPart = fc
  .tuple(text, fc.option(mark, { nil: {} }))
  .map(([value, cache]) => ({ type: 'text', text: value, ...cache }));
const mediaPart = fc.oneof(
  base64.map((data) => ({ type: 'image_url', image_url: { url: `data:image/png;base64,${data}`, detail: 'low' } })),
  fc.webUrl().map((url) => ({ type: 'image_url', image_url: { url } })),
  base64.map((data) => ({ type: 'input_audio', input_audio: { data, format: 'wav' } })),
  base64.map((data) => ({
    type: 'file',
    file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${data}` },
  })),
  name.map((id) => ({ type: 'file', file: { file_id: id } })),
);
/** A single text without a mark is written as the text alone. */
const content = fc.oneof(
  text,
  fc.tuple(textPart, mediaPart).map((parts) => [...parts]),
);
const user = content.map((value) => ({ role: 'user', content: value }));
const exchange = fc
  .record({
    said: fc.option(text),
    reasoning: fc.option(text),
    names: fc.array(name, { minLength: 1, maxLength: 3 }),
    result: text,
    custom: fc.boolean(),
  })
  .map(({ said, reasoning, names, result, custom }) => [
    {
      role: 'assistant',
      content: said,
      ...(reasoning !== null && { reasoning }),
      tool_calls: names.map((tool_, index) =>
        custom
          ? { id: `c${index}`, type: 'custom', custom: { name: tool_, input: result } }
          : { id: `c${index}`, type: 'function', function: { name: tool_, arguments: JSON.stringify({ result }) } },
      ),
    },
    ...names.map((_, index) => ({ role: 'tool', tool_call_id: `c${index}`, content: result })),
  ]);
const optional = <T>(key: string, value: fc.Arbitrary<T>) =>
  fc.option(
    value.map((given) => ({ [key]: given })),
    { nil: {} },
  );
const arbitraryBody: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.array(
      text.map((value) => ({ role: 'system', content: value })),
      { maxLength: 2 },
    ),
    user,
    fc.array(
      fc.oneof(
        exchange,
        user.map((message) => [message]),
        text.map((value) => [{ role: 'assistant', content: value }]),
      ),
      { maxLength: 5 },
    ),
    fc.tuple(
      optional('temperature', fc.double({ min: 0, max: 2, noNaN: true })),
      optional('stop', fc.array(text, { minLength: 1, maxLength: 4 })),
      optional('seed', fc.integer()),
      optional('n', fc.integer({ min: 1, max: 5 })),
      optional('max_tokens', fc.integer({ min: 1, max: 9999 })),
      optional('reasoning_effort', fc.constantFrom('none', 'low', 'max')),
      optional('response_format', fc.constant({ type: 'json_object' })),
      optional(
        'tools',
        fc.constant([{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } }]),
      ),
      optional('metadata', fc.dictionary(name, text)),
      optional(
        'some_new_field',
        fc.jsonValue().filter((value) => value !== null),
      ),
    ),
  )
  .map(([system, first, rest, fields]) => {
    const body = { model: 'alias', messages: [...system, first, ...rest.flat()] };
    return Object.assign(body, ...fields) as JsonObject;
  });
