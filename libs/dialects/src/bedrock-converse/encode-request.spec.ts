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
const messages = [{ role: 'user', content: [{ text: 'Hi' }] }];

function encode(
  changes: Partial<CanonicalRequest>,
  profile: Partial<ModelProfile> = {},
  warnings = new Warnings('lenient'),
) {
  const context = { upstreamModel: 'b', profile: { ...defaultProfile('bedrock-converse'), ...profile }, warnings };
  const body = encodeRequest({ ...base, ...changes }, context);
  return JSON.parse(JSON.stringify(body)) as Record<string, unknown>;
}

const user = (...parts: CanonicalPart[]) => ({ turns: [{ role: 'user', parts }] }) as const;
const contentOf = (...parts: CanonicalPart[]) => (encode(user(...parts))['messages'] as typeof messages)[0]?.content;
const call: CanonicalPart = { type: 'tool-call', id: 'c1', name: 'f', arguments: '{"a":1}', kind: 'function' };
const result: CanonicalPart = {
  type: 'tool-result',
  callId: 'c1',
  parts: [{ type: 'text', text: 'ok' }],
  isError: false,
};
const history = {
  turns: [
    { role: 'user', parts: [{ type: 'text', text: 'Go' }] },
    { role: 'assistant', parts: [call] },
    { role: 'user', parts: [result] },
  ],
} as const;
const f = { kind: 'function', name: 'f', description: 'F', parameters: { type: 'object', properties: {} } } as const;
const g = { kind: 'function', name: 'g' } as const;
const spec = (name: string, description?: string) => ({
  toolSpec: { name, ...(description && { description }), inputSchema: { json: { type: 'object', properties: {} } } },
});

describe('a request for Bedrock', () => {
  it('is no more than its messages when nothing else is asked for', () => {
    expect(encode({})).toEqual({ messages });
  });

  it('has its settings where Converse wants them', () => {
    const body = encode({
      system: [{ type: 'text', origin: 'system', text: 'S', cache: { ttl: '1h' } }],
      maxOutputTokens: 9,
      temperature: 0.5,
      topP: 0.25,
      topK: 4,
      stop: ['END'],
      serviceTier: 'flex',
      extra: { guardrailConfig: { guardrailIdentifier: 'x' }, unknown: 1 },
      output: { kind: 'schema', name: 'n', schema: { type: 'object' } },
    });
    expect(body).toEqual({
      messages,
      system: [{ text: 'S' }, { cachePoint: { type: 'default', ttl: '1h' } }],
      inferenceConfig: { maxTokens: 9, temperature: 0.5, topP: 0.25, stopSequences: ['END'] },
      additionalModelRequestFields: { top_k: 4 },
      serviceTier: { type: 'flex' },
      guardrailConfig: { guardrailIdentifier: 'x' },
      outputConfig: {
        textFormat: { type: 'json_schema', structure: { jsonSchema: { schema: '{"type":"object"}', name: 'n' } } },
      },
    });
  });

  it('leaves out metadata that AWS would refuse, and says so', () => {
    const warnings = new Warnings('lenient');
    const body = encode({ metadata: { good: 'a b', bad: 'ü' } }, {}, warnings);
    expect([body['requestMetadata'], warnings.header()]).toEqual([{ good: 'a b' }, 'dropped:metadata']);
  });

  it.each([
    ['budget', { budget: 2048 }, { thinking: { type: 'enabled', budget_tokens: 2048 } }],
    ['budget', { effort: 'none' }, { thinking: { type: 'disabled' } }],
    [
      'adaptive',
      { effort: 'high', display: 'summarized' },
      { thinking: { type: 'adaptive', display: 'summarized' }, output_config: { effort: 'high' } },
    ],
    ['adaptive', { effort: 'none' }, { thinking: { type: 'disabled' } }],
    ['effort', { effort: 'low' }, { reasoning_effort: 'low' }],
    ['none', { effort: 'low' }, undefined],
  ] as const)('asks a model of thinking by %s for %j', (thinking, reasoning, fields) => {
    expect(encode({ reasoning }, { thinking })['additionalModelRequestFields']).toEqual(fields);
  });

  it("names the profile's betas", () => {
    expect(encode({}, { anthropicBetas: ['b1'] })['additionalModelRequestFields']).toEqual({ anthropic_beta: ['b1'] });
  });
});

describe('tools for Bedrock', () => {
  it.each([
    [{ mode: 'auto' }, [spec('f', 'F'), spec('g')], { auto: {} }],
    [{ mode: 'required' }, [spec('f', 'F'), spec('g')], { any: {} }],
    [{ mode: 'named', name: 'g' }, [spec('f', 'F'), spec('g')], { tool: { name: 'g' } }],
    [{ mode: 'required', allowed: ['g'] }, [spec('g')], { any: {} }],
    [undefined, [spec('f', 'F'), spec('g')], undefined],
  ] as const)('are chosen by %j', (toolChoice, tools, choice) => {
    expect(encode({ tools: [f, g], ...(toolChoice && { toolChoice }) })['toolConfig']).toEqual({
      tools,
      ...(choice && { toolChoice: choice }),
    });
  });

  it('are not offered when none may be used, unless the history needs them', () => {
    const warnings = new Warnings('lenient');
    expect(encode({ tools: [f], toolChoice: { mode: 'none' } }, {}, warnings)).not.toHaveProperty('toolConfig');
    expect(warnings.header()).toBeNull();
    const body = encode({ ...history, tools: [f], toolChoice: { mode: 'none' } }, {}, warnings);
    expect([body['toolConfig'], warnings.header()]).toEqual([{ tools: [spec('f', 'F')] }, 'dropped:tool_choice']);
  });

  it('are made up for a history of calls without any', () => {
    expect(encode(history)).toMatchObject({ toolConfig: { tools: [{ toolSpec: { name: 'unavailable_tool' } }] } });
  });

  it('are marked for the cache and strict where that is known', () => {
    const tools = [{ ...g, strict: true, cache: { ttl: '5m' } }] as const;
    expect(encode({ tools }, { strictTools: true })['toolConfig']).toEqual({
      tools: [{ toolSpec: { ...spec('g').toolSpec, strict: true } }, { cachePoint: { type: 'default' } }],
    });
    expect(encode({ tools }, { strictTools: false })).not.toMatchObject({
      toolConfig: { tools: [{ toolSpec: { strict: true } }] },
    });
  });
});

describe('messages for Bedrock', () => {
  it('carry calls and results', () => {
    expect(encode(history)['messages']).toEqual([
      { role: 'user', content: [{ text: 'Go' }] },
      { role: 'assistant', content: [{ toolUse: { toolUseId: 'c1', name: 'f', input: { a: 1 } } }] },
      { role: 'user', content: [{ toolResult: { toolUseId: 'c1', content: [{ text: 'ok' }] } }] },
    ]);
  });

  it('tell of failures, and of results that are empty', () => {
    const empty: CanonicalPart = { type: 'tool-result', callId: 'c1', parts: [], isError: true };
    expect(contentOf(empty)).toEqual([
      { toolResult: { toolUseId: 'c1', content: [{ text: '(no output)' }], status: 'error' } },
    ]);
  });

  it('carry signed thoughts alone', () => {
    const signature = { dialect: 'bedrock-converse', modelGroup: 'c', value: 'S' } as const;
    const parts: CanonicalPart[] = [
      { type: 'reasoning', text: 'hm', signature, cache: { ttl: '5m' } },
      { type: 'reasoning', text: '', signature, redacted: true },
      { type: 'reasoning', text: 'unsigned' },
    ];
    expect(encode({ turns: [{ role: 'assistant', parts }] })['messages']).toEqual([
      {
        role: 'assistant',
        content: [
          { reasoningContent: { reasoningText: { text: 'hm', signature: 'S' } } },
          { reasoningContent: { redactedContent: 'S' } },
        ],
      },
    ]);
  });

  it('mark what is to be cached, but not behind nothing', () => {
    expect(
      contentOf({ type: 'text', text: 'a', cache: { ttl: '5m' } }, { type: 'text', text: ' ', cache: { ttl: '5m' } }),
    ).toEqual([{ text: 'a' }, { cachePoint: { type: 'default' } }]);
  });

  it('give every document a legal name of its own, and a text beside it', () => {
    const pdf = (filename?: string): CanonicalPart => ({
      type: 'document',
      source: { kind: 'data', data: 'AA==', mediaType: 'application/pdf' },
      ...(filename !== undefined && { filename }),
    });
    const document = (name: string) => ({ document: { format: 'pdf', name, source: { bytes: 'AA==' } } });
    expect(contentOf(pdf('Bericht: Q1_final.pdf'), pdf('Bericht: Q1_final.pdf'), pdf(), pdf('ä.pdf'))).toEqual([
      document('Bericht Q1 final'),
      document('Bericht Q1 final 2'),
      document('document'),
      document('document 2'),
      { text: 'Attached: Bericht Q1 final, Bericht Q1 final 2, document, document 2' },
    ]);
  });

  it.each([
    [
      'image',
      { kind: 'data', data: 'AA==', mediaType: 'image/jpg' },
      { image: { format: 'jpeg', source: { bytes: 'AA==' } } },
    ],
    [
      'image',
      { kind: 'url', url: 's3://b/x.png' },
      { image: { format: 'png', source: { s3Location: { uri: 's3://b/x.png' } } } },
    ],
  ] as const)('carry %s %j', (type, source, block) => {
    expect(contentOf({ type, source })).toEqual([block]);
  });

  it('carry text documents as bytes', () => {
    expect(contentOf({ type: 'document', source: { kind: 'text', text: 'hé' } }, { type: 'text', text: 'x' })).toEqual([
      { document: { format: 'txt', name: 'document', source: { bytes: 'aMOp' } } },
      { text: 'x' },
    ]);
  });

  it.each([
    ['audio', { kind: 'data', data: 'AA==', mediaType: 'audio/wav' }],
    ['image', { kind: 'url', url: 'https://example.com/x.png' }],
    ['image', { kind: 'data', data: 'AA==', mediaType: 'image/bmp' }],
    ['image', { kind: 'file-id', id: 'f', dialect: 'anthropic' }],
    ['document', { kind: 'data', data: 'AA==', mediaType: 'application/zip' }],
  ] as const)('refuse %s %j', (type, source) => {
    expect(() => contentOf({ type, source, path: 'p' })).toThrow(
      expect.objectContaining({ code: 'unsupported_content', param: 'p' }),
    );
  });
});
