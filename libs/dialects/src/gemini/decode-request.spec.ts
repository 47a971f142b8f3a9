import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../canonical/json.ts';
import { defaultProfile } from '../canonical/profile/default-profiles.ts';
import { sealSignature } from '../canonical/signature-envelope.ts';
import { Warnings } from '../canonical/warnings.ts';
import { decodeRequest } from './decode-request.ts';
import { encodeRequest } from './encode-request.ts';

const contents = [{ role: 'user', parts: [{ text: 'Hi' }] }];
const decode = (body: JsonObject) => decodeRequest({ model: 'models/m', contents, ...body });
const PATH = 'contents[0].parts[0]';

describe('a request of a Gemini client', () => {
  it('is its contents, with model and streaming from the path', () => {
    expect(decodeRequest({ model: 'm', stream: true, contents })).toEqual({
      dialect: 'gemini',
      model: 'm',
      stream: true,
      includeUsage: true,
      system: [],
      turns: [{ role: 'user', parts: [{ type: 'text', text: 'Hi', path: PATH }] }],
      tools: [],
      output: { kind: 'text' },
      extra: {},
      answer: {},
    });
  });

  it("is read in both of Google's spellings", () => {
    const body = {
      system_instruction: { parts: [{ text: 'S' }] },
      generation_config: { max_output_tokens: 5, thinking_config: { thinkingLevel: 'LOW', includeThoughts: true } },
      tool_config: { function_calling_config: { mode: 'ANY', allowed_function_names: ['f'] } },
      safety_settings: [],
    };
    expect(decode(body)).toMatchObject({
      system: [{ origin: 'system', text: 'S' }],
      maxOutputTokens: 5,
      reasoning: { effort: 'low', display: 'summarized' },
      toolChoice: { mode: 'named', name: 'f' },
      extra: { safetySettings: [] },
    });
  });

  it.each([
    [{ thinkingBudget: 0 }, { effort: 'none', display: 'omitted' }],
    [{ thinkingBudget: -1, includeThoughts: true }, { display: 'summarized' }],
    [{ thinkingBudget: 512 }, { budget: 512, display: 'omitted' }],
  ])('asks to think by %j', (thinkingConfig, reasoning) => {
    expect(decode({ generationConfig: { thinkingConfig } }).reasoning).toEqual(reasoning);
  });

  it("turns Gemini's schemas into JSON Schema and leaves JSON Schema alone", () => {
    const parameters = {
      type: 'OBJECT',
      properties: {
        type: { type: 'STRING', nullable: true },
        list: { type: 'ARRAY', items: { type: 'INTEGER' }, minItems: '2' },
      },
      propertyOrdering: ['type'],
    };
    const declarations = [
      { name: 'f', description: 'F', parameters },
      { name: 'g', parametersJsonSchema: { type: 'object', my_key: 1 } },
    ];
    expect(decode({ tools: [{ functionDeclarations: declarations }, { googleSearch: {} }] }).tools).toMatchObject([
      {
        kind: 'function',
        name: 'f',
        description: 'F',
        parameters: {
          type: 'object',
          properties: {
            type: { type: ['string', 'null'] },
            list: { type: 'array', items: { type: 'integer' }, minItems: 2 },
          },
        },
      },
      { kind: 'function', name: 'g', parameters: { type: 'object', my_key: 1 } },
      { kind: 'server', name: 'googleSearch', native: { dialect: 'gemini', value: { googleSearch: {} } } },
    ]);
  });

  it('pairs calls with their responses, by id or by name and order', () => {
    const call = (name: string, id?: string) => ({ functionCall: { name, args: {}, ...(id && { id }) } });
    const response = (name: string, value: JsonObject, id?: string) => ({
      functionResponse: { name, response: value, ...(id && { id }) },
    });
    const { turns } = decode({
      contents: [
        { role: 'model', parts: [call('f'), call('f'), call('g', 'own')] },
        {
          role: 'function',
          parts: [response('f', { output: 'a' }), response('g', { error: 'e' }, 'own'), response('f', { x: 1 })],
        },
      ],
    });
    expect(turns[0]?.parts.map((part) => 'id' in part && part.id)).toEqual(['call00001', 'call00002', 'own']);
    expect(turns[1]).toMatchObject({
      role: 'user',
      parts: [
        { callId: 'call00001', name: 'f', isError: false, parts: [{ text: 'a' }] },
        { callId: 'own', name: 'g', isError: true, parts: [{ text: 'e' }] },
        { callId: 'call00002', name: 'f', isError: false, parts: [{ text: '{"x":1}' }] },
      ],
    });
  });

  it('opens sealed signatures, keeps bare ones and drops damaged ones', () => {
    const sealed = sealSignature({ dialect: 'anthropic', modelGroup: 'c', value: 'V' });
    const parts = [
      Buffer.from(sealed).toString('base64'),
      'YmFyZQ==',
      Buffer.from('gw1:broken').toString('base64'),
    ].map((thoughtSignature) => ({ text: 't', thoughtSignature }));
    const { turns } = decode({ contents: [{ role: 'model', parts }] });
    expect(turns[0]?.parts.map((part) => ('signature' in part ? part.signature : undefined))).toEqual([
      { dialect: 'anthropic', modelGroup: 'c', value: 'V' },
      { dialect: 'gemini', modelGroup: '*', value: 'YmFyZQ==' },
      undefined,
    ]);
  });

  it('tells media by their type, and keeps what only Gemini has', () => {
    const parts = [
      { inlineData: { mimeType: 'image/png', data: 'AA==' } },
      { fileData: { mimeType: 'application/pdf', fileUri: 'gs://b/x' } },
      { inline_data: { mime_type: 'audio/wav', data: 'AA==' } },
      { inlineData: { mimeType: 'video/mp4', data: 'AA==' } },
    ];
    expect(decode({ contents: [{ parts }] }).turns[0]?.parts).toMatchObject([
      { type: 'image', source: { kind: 'data', data: 'AA==', mediaType: 'image/png' } },
      { type: 'document', source: { kind: 'url', url: 'gs://b/x', mediaType: 'application/pdf' } },
      { type: 'audio', source: { kind: 'data', mediaType: 'audio/wav' } },
      { type: 'opaque', dialect: 'gemini', name: 'inlineData' },
    ]);
  });

  it.each([
    [{ contents: undefined }, 'missing_required_parameter', 'contents'],
    [{ model: undefined }, 'missing_required_parameter', 'model'],
    [{ contents: [7] }, 'invalid_type', 'contents[0]'],
    [{ contents: [{ role: 'tool', parts: [] }] }, 'invalid_request', 'contents[0].role'],
    [{ contents: [{ parts: [{ text: 7 }] }] }, 'invalid_type', 'contents[0].parts[0].text'],
    [{ generationConfig: { temperature: 'hot' } }, 'invalid_type', 'generationConfig.temperature'],
    [
      { generationConfig: { thinkingConfig: { thinkingLevel: 'ultra' } } },
      'invalid_request',
      'generationConfig.thinkingConfig.thinkingLevel',
    ],
    [
      { tools: [{ functionDeclarations: [{}] }] },
      'missing_required_parameter',
      'tools[0].functionDeclarations[0].name',
    ],
    [{ systemInstruction: { parts: [{ inlineData: {} }] } }, 'unsupported_content', 'systemInstruction.parts[0]'],
  ])('is refused for %j', (body, code, param) => {
    expect(() => decode(body as JsonObject)).toThrow(expect.objectContaining({ code, param }));
  });
});

const word = fc.string({ minLength: 1, maxLength: 8 });
const name = fc.stringMatching(/^[a-z]{1,8}$/);
const data = fc.uint8Array({ minLength: 1, maxLength: 6 }).map((bytes) => Buffer.from(bytes).toString('base64'));
const args = fc.dictionary(name, fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null)), { maxKeys: 3 });
const signedText = fc.oneof(
  fc.record({ text: word, thoughtSignature: data }),
  fc.record({ text: word, thought: fc.constant(true), thoughtSignature: data }),
);
const media = fc.record({
  inlineData: fc.record({ mimeType: fc.constantFrom('image/png', 'audio/wav', 'application/pdf'), data }),
});
const call = fc.record({ functionCall: fc.record({ name, args }) });
const user = fc.record({
  role: fc.constant('user'),
  parts: fc.array(fc.oneof(fc.record({ text: word }), media), { minLength: 1, maxLength: 3 }),
});
/** Nothing that would go on: pieces of a text come out as one text. */
const model = fc.record({
  role: fc.constant('model'),
  parts: fc
    .tuple(
      fc.array(fc.oneof(signedText, call), { minLength: 1, maxLength: 4 }),
      fc.array(fc.record({ text: word }), { maxLength: 1 }),
    )
    .map((parts) => parts.flat()),
});
const conversation = fc.array(fc.tuple(user, model), { minLength: 1, maxLength: 2 }).map((pairs) => pairs.flat());
const parametersJsonSchema = name.map((key) => ({ type: 'object', properties: { [key]: { type: 'string' } } }));
const config = fc.record(
  {
    temperature: fc.constantFrom(0, 0.5, 1),
    topK: fc.nat(40),
    stopSequences: fc.array(word, { minLength: 1, maxLength: 3 }),
    seed: fc.integer(),
    speechConfig: fc.constant({ languageCode: 'de' }),
  },
  { requiredKeys: ['temperature'] },
);

describe("Gemini's requests", () => {
  it('come out as they went in', () => {
    const request = fc.record(
      {
        contents: conversation,
        systemInstruction: fc.record({ parts: fc.array(fc.record({ text: word }), { minLength: 1, maxLength: 2 }) }),
        tools: fc.array(
          fc.record({
            functionDeclarations: fc.array(fc.record({ name, parametersJsonSchema }), { minLength: 1, maxLength: 2 }),
          }),
          { minLength: 1, maxLength: 1 },
        ),
        generationConfig: config,
        safetySettings: fc.constant([{ category: 'C', threshold: 'T' }]),
      },
      { requiredKeys: ['contents'] },
    );
    const profile = { ...defaultProfile('gemini'), schemaDialect: 'json-schema' } as const;
    fc.assert(
      fc.property(request, (body) => {
        const context = { upstreamModel: 'm', profile, warnings: new Warnings('strict') };
        const encoded = encodeRequest(decodeRequest({ ...(body as JsonObject), model: 'm' }), context);
        expect(JSON.parse(JSON.stringify(encoded))).toEqual(JSON.parse(JSON.stringify(body)));
      }),
    );
  });
});
