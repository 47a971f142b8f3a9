import { describe, expect, it } from '@jest/globals';
import type { ModelProfile } from '@penstock/contracts';
import type { CanonicalPart } from '../canonical/canonical-part.ts';
import type { CanonicalRequest } from '../canonical/canonical-request.ts';
import { defaultProfile } from '../canonical/profile/default-profiles.ts';
import { Warnings } from '../canonical/warnings.ts';
import { encodeRequest } from './encode-request.ts';

const base: CanonicalRequest = {
  dialect: 'openai-chat',
  model: 'alias',
  stream: false,
  includeUsage: false,
  system: [],
  turns: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
  tools: [],
  output: { kind: 'text' },
  extra: {},
  answer: {},
};

function encode(
  changes: Partial<CanonicalRequest>,
  profile: Partial<ModelProfile> = {},
  warnings = new Warnings('lenient'),
) {
  const context = { upstreamModel: 'g', profile: { ...defaultProfile('gemini'), ...profile }, warnings };
  const body = encodeRequest({ ...base, ...changes }, context);
  return JSON.parse(JSON.stringify(body)) as Record<string, unknown>;
}

const turn = (role: 'user' | 'assistant', ...parts: CanonicalPart[]) => ({ role, parts });
const call = (id: string, name: string, text = '{}'): CanonicalPart => ({
  type: 'tool-call',
  id,
  name,
  arguments: text,
  kind: 'function',
});
const result = (callId: string, text: string, isError = false): CanonicalPart => ({
  type: 'tool-result',
  callId,
  parts: [{ type: 'text', text }],
  isError,
});

describe('a request for Gemini', () => {
  it('is no more than its contents when nothing else is asked for', () => {
    expect(encode({})).toEqual({ contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] });
  });

  it('has a turn even when the caller sent instructions alone', () => {
    const system = [{ type: 'text', origin: 'system', text: 'S' }] as const;
    expect(encode({ system, turns: [] })).toEqual({
      systemInstruction: { parts: [{ text: 'S' }] },
      contents: [{ role: 'user', parts: [{ text: ' ' }] }],
    });
  });

  it('keeps each system text a part of its own', () => {
    const system = ['S1', 'D1'].map((text) => ({ type: 'text', origin: 'system', text }) as const);
    expect(encode({ system })['systemInstruction']).toEqual({ parts: [{ text: 'S1' }, { text: 'D1' }] });
  });

  it('says how to generate in its own names', () => {
    const asked = { temperature: 1.5, topP: 0.5, topK: 4, maxOutputTokens: 9, stop: ['END'], seed: 7, choices: 2 };
    const { generationConfig } = encode({ ...asked, presencePenalty: 1, frequencyPenalty: -1, logprobs: 3 });
    expect(generationConfig).toEqual({
      temperature: 1.5,
      topP: 0.5,
      topK: 4,
      maxOutputTokens: 9,
      stopSequences: ['END'],
      candidateCount: 2,
      seed: 7,
      presencePenalty: 1,
      frequencyPenalty: -1,
      responseLogprobs: true,
      logprobs: 3,
    });
  });

  it('asks for the chosen token alone without a number of alternatives', () => {
    expect(encode({ logprobs: 0 })['generationConfig']).toEqual({ responseLogprobs: true });
  });

  it('refuses to stream several choices', () => {
    expect(() => encode({ choices: 2, stream: true })).toThrow(
      expect.objectContaining({ code: 'unsupported_parameter', param: 'n' }),
    );
    expect(encode({ choices: 1, stream: true })['generationConfig']).toEqual({ candidateCount: 1 });
  });

  it.each([
    [{ kind: 'json' }, 'gemini', { responseMimeType: 'application/json' }],
    [
      { kind: 'schema', schema: { type: 'object' } },
      'gemini',
      { responseMimeType: 'application/json', responseSchema: { type: 'object' } },
    ],
    [
      { kind: 'schema', schema: { type: 'object' } },
      'json-schema',
      { responseMimeType: 'application/json', responseJsonSchema: { type: 'object' } },
    ],
  ] as const)('writes the output format %j with schemas as %s', (output, schemaDialect, expected) => {
    expect(encode({ output }, { schemaDialect })['generationConfig']).toEqual(expected);
  });

  it.each([
    ['budget', { budget: 1024 }, { includeThoughts: true, thinkingBudget: 1024 }],
    ['budget', { effort: 'none' }, { thinkingBudget: 0 }],
    ['budget', { budget: 5, display: 'omitted' }, { includeThoughts: false, thinkingBudget: 5 }],
    ['level', { effort: 'low' }, { includeThoughts: true, thinkingLevel: 'LOW' }],
    ['level', { effort: 'xhigh' }, { includeThoughts: true, thinkingLevel: 'HIGH' }],
    ['level', { effort: 'none' }, { includeThoughts: true, thinkingLevel: 'MINIMAL' }],
    ['level', { effort: 'high', budget: 9 }, { includeThoughts: true, thinkingLevel: 'HIGH' }],
  ] as const)('asks a model of thinking by %s for %j', (thinking, reasoning, thinkingConfig) => {
    expect(encode({ reasoning }, { thinking })['generationConfig']).toEqual({ thinkingConfig });
  });

  it('leaves thinking out at models that have none', () => {
    expect(encode({ reasoning: { effort: 'high' } }, { thinking: 'none' })).not.toHaveProperty('generationConfig');
  });

  it.each([
    ['default', 'standard'],
    ['flex', 'flex'],
    ['priority', 'priority'],
    ['auto', undefined],
  ])('calls the service tier %s %s', (serviceTier, expected) => {
    expect(encode({ serviceTier })['serviceTier']).toBe(expected);
  });

  it("passes on what callers say in Gemini's own words", () => {
    const extra = { safetySettings: [{ category: 'C', threshold: 'T' }], generationConfig: { speechConfig: {} } };
    expect(encode({ dialect: 'gemini', extra, topK: 1 })).toMatchObject({
      safetySettings: extra.safetySettings,
      generationConfig: { speechConfig: {}, topK: 1 },
    });
  });

  it('leaves out what a cached content brings along', () => {
    const tools = [{ kind: 'function', name: 'f' }] as const;
    const system = [{ type: 'text', origin: 'system', text: 'S' }] as const;
    const body = encode({ tools, system, toolChoice: { mode: 'auto' }, extra: { cachedContent: 'cachedContents/1' } });
    expect(Object.keys(body).sort()).toEqual(['cachedContent', 'contents']);
  });
});

describe('tools for Gemini', () => {
  const parameters = { type: 'object', properties: { a: { type: 'string' } } };
  const f = { kind: 'function', name: 'f', description: 'F', parameters } as const;
  const g = { kind: 'function', name: 'g', parameters: { type: 'object', properties: {} } } as const;

  it('stand in one list, those without parameters without a schema', () => {
    expect(encode({ tools: [f, g] })['tools']).toEqual([
      { functionDeclarations: [{ name: 'f', description: 'F', parameters }, { name: 'g' }] },
    ]);
  });

  it('carry JSON Schema where the model takes it', () => {
    expect(encode({ tools: [f] }, { schemaDialect: 'json-schema' })['tools']).toEqual([
      { functionDeclarations: [{ name: 'f', description: 'F', parametersJsonSchema: parameters }] },
    ]);
  });

  it.each([
    [{ mode: 'auto' }, { mode: 'AUTO' }],
    [{ mode: 'none' }, { mode: 'NONE' }],
    [{ mode: 'required' }, { mode: 'ANY' }],
    [
      { mode: 'required', allowed: ['g'] },
      { mode: 'ANY', allowedFunctionNames: ['g'] },
    ],
    [
      { mode: 'named', name: 'f' },
      { mode: 'ANY', allowedFunctionNames: ['f'] },
    ],
  ] as const)('are chosen by %j', (toolChoice, functionCallingConfig) => {
    expect(encode({ tools: [f, g], toolChoice })['toolConfig']).toEqual({ functionCallingConfig });
  });

  it('are narrowed to the subset that may be used', () => {
    const body = encode({ tools: [f, g], toolChoice: { mode: 'auto', allowed: ['g'] } });
    expect(body).toMatchObject({ tools: [{ functionDeclarations: [{ name: 'g' }] }] });
    expect(JSON.stringify(body)).not.toContain('"f"');
  });

  it('are held to their schemas when one is strict', () => {
    const tools = [{ ...f, strict: true }];
    expect(encode({ tools }, { strictTools: true })['toolConfig']).toEqual({
      functionCallingConfig: { mode: 'VALIDATED' },
    });
    expect(encode({ tools }, { strictTools: false })).not.toHaveProperty('toolConfig');
  });

  it("include the vendor's own, and a search that was asked for", () => {
    const own = {
      kind: 'server',
      name: 'codeExecution',
      native: { dialect: 'gemini', value: { codeExecution: {} } },
    } as const;
    const body = encode({ tools: [own], webSearch: {}, toolChoice: { mode: 'auto' } });
    expect(body['tools']).toEqual([{ codeExecution: {} }, { googleSearch: {} }]);
    expect(body).not.toHaveProperty('toolConfig');
  });
});

describe('turns for Gemini', () => {
  it('answers calls in their order, by their names, apart from what the user says next', () => {
    const turns = [
      turn('user', { type: 'text', text: 'Go' }),
      turn('assistant', call('a', 'fa', '{"x":1}'), call('b', 'fb', '')),
      turn('user', result('a', 'one'), result('b', 'two', true), { type: 'text', text: 'hi' }),
    ];
    expect(encode({ turns })['contents']).toEqual([
      { role: 'user', parts: [{ text: 'Go' }] },
      {
        role: 'model',
        parts: [{ functionCall: { name: 'fa', args: { x: 1 } } }, { functionCall: { name: 'fb', args: {} } }],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { name: 'fa', response: { output: 'one' } } },
          { functionResponse: { name: 'fb', response: { error: 'two' } } },
        ],
      },
      { role: 'user', parts: [{ text: 'hi' }] },
    ]);
  });

  it('puts signatures back where they came from', () => {
    const signature = { dialect: 'gemini', modelGroup: 'g', value: 'S' } as const;
    const turns = [
      turn(
        'assistant',
        { type: 'reasoning', text: 'hm', signature },
        { type: 'reasoning', text: 'unsigned' },
        { type: 'text', text: 't', signature },
        { type: 'reasoning', text: '', signature },
        { ...call('a', 'f'), signature } as CanonicalPart,
      ),
    ];
    expect(encode({ turns })['contents']).toEqual([
      {
        role: 'model',
        parts: [
          { text: 'hm', thought: true, thoughtSignature: 'S' },
          { text: 't', thoughtSignature: 'S' },
          { text: '', thoughtSignature: 'S' },
          { functionCall: { name: 'f', args: {} }, thoughtSignature: 'S' },
        ],
      },
    ]);
  });

  it('keeps arguments that are no object, and says so of those that are no JSON', () => {
    const warnings = new Warnings('lenient');
    const turns = [
      turn('assistant', call('a', 'f', '[1]'), call('b', 'g', '{"a":'), call('c', 'h', '{"n":12345678901234567890}')),
    ];
    const body = encodeRequest({ ...base, turns }, { upstreamModel: 'g', profile: defaultProfile('gemini'), warnings });
    expect(JSON.stringify(body)).toContain('{"name":"f","args":{"value":[1]}}');
    expect(JSON.stringify(body)).toContain('{"name":"g","args":{"_raw":"{\\"a\\":"}}');
    expect(JSON.stringify(body)).toContain('{"n":12345678901234567890}');
    expect(warnings.header()).toContain('converted:');
  });

  it.each([
    [
      'image',
      { kind: 'data', data: 'AA==', mediaType: 'image/jpg' },
      { inlineData: { mimeType: 'image/jpeg', data: 'AA==' } },
    ],
    [
      'image',
      { kind: 'data', data: 'AA==', mediaType: 'png' },
      { inlineData: { mimeType: 'image/png', data: 'AA==' } },
    ],
    [
      'document',
      { kind: 'data', data: 'AA==', mediaType: 'application/pdf' },
      { inlineData: { mimeType: 'application/pdf', data: 'AA==' } },
    ],
    [
      'audio',
      { kind: 'data', data: 'AA==', mediaType: 'audio/mpeg' },
      { inlineData: { mimeType: 'audio/mp3', data: 'AA==' } },
    ],
    ['image', { kind: 'url', url: 'gs://b/x.png' }, { fileData: { mimeType: 'image/png', fileUri: 'gs://b/x.png' } }],
    [
      'document',
      { kind: 'url', url: 'https://generativelanguage.googleapis.com/v1beta/files/abc' },
      { fileData: { fileUri: 'https://generativelanguage.googleapis.com/v1beta/files/abc' } },
    ],
    [
      'document',
      { kind: 'file-id', id: 'files/abc', dialect: 'gemini' },
      { fileData: { fileUri: 'https://generativelanguage.googleapis.com/v1beta/files/abc' } },
    ],
    ['document', { kind: 'text', text: 'T' }, { text: 'T' }],
  ] as const)('writes %s %j', (type, source, part) => {
    expect(encode({ turns: [turn('user', { type, source })] })['contents']).toEqual([{ role: 'user', parts: [part] }]);
  });

  it.each([
    ['an address on the web', { kind: 'url', url: 'https://example.com/x.png' }],
    [
      "an address that only looks like Google's",
      { kind: 'url', url: 'https://generativelanguage.googleapis.com.evil.example/files/x' },
    ],
    ['a stored file of an unknown type', { kind: 'url', url: 'gs://b/x' }],
    ["another vendor's file", { kind: 'file-id', id: 'file-1', dialect: 'openai-chat' }],
  ] as const)('refuses %s', (_, source) => {
    const turns = [turn('user', { type: 'image', source, path: 'messages[0].content[1]' })];
    expect(() => encode({ turns })).toThrow(
      expect.objectContaining({ code: 'unsupported_content', param: 'messages[0].content[1]' }),
    );
  });

  it('puts media that a function gave within its response', () => {
    const image = { type: 'image', source: { kind: 'data', data: 'AA==', mediaType: 'image/png' } } as const;
    const answer: CanonicalPart = { type: 'tool-result', callId: 'a', name: 'f', parts: [image], isError: false };
    expect(encode({ turns: [turn('user', answer)] })['contents']).toEqual([
      {
        role: 'user',
        parts: [
          {
            functionResponse: {
              name: 'f',
              response: { output: '' },
              parts: [{ inlineData: { mimeType: 'image/png', data: 'AA==' } }],
            },
          },
        ],
      },
    ]);
  });

  it.each([
    [7, 7],
    [-1, -1],
    [2 ** 31, -(2 ** 31)],
    [Number.MAX_SAFE_INTEGER, -1],
  ])('asks for the seed %j as one of 32 bits', (seed, expected) => {
    expect(encode({ seed })).toMatchObject({ generationConfig: { seed: expected } });
  });

  it('says in plain JSON Schema what the subset cannot', () => {
    const schema = { type: 'object', properties: { any: { type: 'object' } } };
    const tools = [{ kind: 'function', name: 'f', parameters: schema, plainSchema: true }] as const;
    const output = { kind: 'schema', schema, plainSchema: true } as const;
    expect(encode({ tools, output })).toMatchObject({
      tools: [{ functionDeclarations: [{ name: 'f', parametersJsonSchema: schema }] }],
      generationConfig: { responseMimeType: 'application/json', responseJsonSchema: schema },
    });
  });
});
