import { describe, expect, it } from '@jest/globals';
import type { GatewayError } from '@penstock/contracts';
import type { JsonObject } from '../canonical/json.ts';
import { sealSignature } from '../canonical/signature-envelope.ts';
import { parseFaithfully } from '../json/parse-faithfully.ts';
import { decodeCountRequest, decodeRequest } from './decode-request.ts';

const base = { model: 'm', max_tokens: 100, messages: [{ role: 'user', content: 'hi' }] };
const decode = (extra: object) => decodeRequest({ ...base, ...extra } as JsonObject);
const turns = (...messages: object[]) => decode({ messages }).turns;
const partsOf = (role: string, ...content: object[]) => turns({ role, content })[0]?.parts;

const refusal = (body: object): [string, string | null] => {
  try {
    decodeRequest(body as JsonObject);
  } catch (error) {
    return [(error as GatewayError).code, (error as GatewayError).param];
  }
  return ['accepted', null];
};

describe('decodeRequest of Anthropic', () => {
  it('reads what Claude Code sends', () => {
    const request = decode({
      system: [
        { type: 'text', text: 'x-anthropic-billing-header: cc_version=2; cch=1;' },
        { type: 'text', text: 'You are an agent.', cache_control: { type: 'ephemeral' } },
      ],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'a' }] },
        {
          role: 'system',
          content: [{ type: 'text', text: 's', cache_control: { type: 'ephemeral', ttl: '1h' } }],
          output_config: { effort: 'medium' },
        },
      ],
      tools: [{ name: 'Agent', description: 'd', input_schema: { type: 'object' }, eager_input_streaming: true }],
      metadata: { user_id: 'u' },
      thinking: { type: 'adaptive', display: 'omitted' },
      context_management: { edits: [] },
      output_config: { effort: 'medium' },
      stream: true,
    });
    expect(request).toMatchObject({
      dialect: 'anthropic',
      stream: true,
      system: [{ origin: 'system' }, { text: 'You are an agent.', cache: { ttl: '5m' }, path: 'system[1]' }],
      turns: [
        { role: 'user', parts: [{ text: 'a', path: 'messages[0].content[0]' }] },
        { role: 'system', parts: [{ text: 's', cache: { ttl: '1h' } }] },
      ],
      tools: [{ kind: 'function', name: 'Agent', description: 'd', parameters: { type: 'object' } }],
      endUser: 'u',
      maxOutputTokens: 100,
      reasoning: { effort: 'medium', display: 'omitted' },
      output: { kind: 'text' },
      extra: { context_management: { edits: [] } },
    });
  });

  it('takes numbers as Python writes them', () => {
    const body = parseFaithfully(JSON.stringify(base).replace('100', '100.0, "temperature": 1.0, "top_k": 40'));
    expect(decodeRequest(body as JsonObject)).toMatchObject({ maxOutputTokens: 100, temperature: 1, topK: 40 });
  });

  it('keeps the bound of 0 that only warms a cache', () => {
    expect(decode({ max_tokens: 0 }).maxOutputTokens).toBe(0);
  });

  it.each([
    [
      { thinking: { type: 'enabled', budget_tokens: 2048, display: 'summarized' } },
      { budget: 2048, display: 'summarized' },
    ],
    [{ thinking: { type: 'adaptive' } }, { effort: 'high' }],
    [{ thinking: { type: 'between_tools' }, output_config: { effort: 'low' } }, { effort: 'low' }],
    [{ thinking: { type: 'disabled' }, output_config: { effort: 'max' } }, { effort: 'none' }],
    [{ output_config: { effort: 'xhigh' } }, { effort: 'xhigh' }],
    [{}, undefined],
  ])('reads how hard to think of %j', (extra, expected) => {
    expect(decode(extra).reasoning).toEqual(expected);
  });

  it.each([
    [
      { type: 'auto', disable_parallel_tool_use: true },
      { toolChoice: { mode: 'auto' }, parallelToolCalls: false },
    ],
    [{ type: 'any' }, { toolChoice: { mode: 'required' } }],
    [{ type: 'tool', name: 'f' }, { toolChoice: { mode: 'named', name: 'f' } }],
    [{ type: 'none' }, { toolChoice: { mode: 'none' } }],
  ])('reads the choice %j', (tool_choice, expected) => {
    const { toolChoice, parallelToolCalls } = decode({ tool_choice });
    expect({ toolChoice, parallelToolCalls }).toEqual({ parallelToolCalls: undefined, ...expected });
  });

  it('keeps a server tool whole', () => {
    const tool = { type: 'web_search_20250305', name: 'web_search', max_uses: 2 };
    expect(decode({ tools: [tool] }).tools).toEqual([
      { kind: 'server', name: 'web_search', native: { dialect: 'anthropic', value: tool }, path: 'tools[0]' },
    ]);
  });

  it.each(['output_config', 'output_format'])('reads the schema of the answer from %s', (field) => {
    const format = { type: 'json_schema', schema: { type: 'object' } };
    const extra = field === 'output_config' ? { output_config: { format } } : { output_format: format };
    expect(decode(extra).output).toEqual({ kind: 'schema', schema: { type: 'object' }, strict: true });
  });

  it.each([
    ['auto', 'auto'],
    ['standard_only', 'default'],
    ['constructor', undefined],
  ])('reads the tier %s as %s', (service_tier, expected) => {
    expect(decode({ service_tier }).serviceTier).toBe(expected);
  });

  it('counts without a bound of the output', () => {
    const { max_tokens: _, ...body } = base;
    expect(decodeCountRequest(body as JsonObject).maxOutputTokens).toBeUndefined();
    expect(refusal(body)).toEqual(['missing_required_parameter', 'max_tokens']);
  });

  it.each([
    [{ model: 7 }, 'invalid_type', 'model'],
    [{ model: '' }, 'missing_required_parameter', 'model'],
    [{ messages: 'hi' }, 'invalid_type', 'messages'],
    [{ messages: [] }, 'invalid_request', 'messages'],
    [{ messages: [{ role: 'tool', content: 'x' }] }, 'invalid_request', 'messages[0].role'],
    [{ messages: [{ role: 'user' }] }, 'invalid_type', 'messages[0].content'],
    [{ messages: [{ role: 'user', content: ['x'] }] }, 'invalid_type', 'messages[0].content[0]'],
    [
      { messages: [{ role: 'user', content: [{ type: 'text' }] }] },
      'missing_required_parameter',
      'messages[0].content[0].text',
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'tool_use', id: 'a', name: 'b', input: {} }] }] },
      'invalid_request',
      'messages[0].content[0]',
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'ftp' } }] }] },
      'unsupported_content',
      'messages[0].content[0].source.type',
    ],
    [{ max_tokens: -1 }, 'invalid_request', 'max_tokens'],
    [{ max_tokens: 1.5 }, 'invalid_request', 'max_tokens'],
    [{ temperature: 'hot' }, 'invalid_type', 'temperature'],
    [{ stop_sequences: [1] }, 'invalid_type', 'stop_sequences[0]'],
    [{ output_config: { effort: 'ultra' } }, 'invalid_request', 'output_config.effort'],
    [{ thinking: { type: 'deep' } }, 'invalid_request', 'thinking.type'],
    [{ thinking: { type: 'enabled' } }, 'missing_required_parameter', 'thinking.budget_tokens'],
    [{ tool_choice: { type: 'tool' } }, 'missing_required_parameter', 'tool_choice.name'],
    [{ tools: [{ description: 'nameless' }] }, 'missing_required_parameter', 'tools[0].name'],
    [{ output_format: { type: 'regex' } }, 'invalid_request', 'output_format.type'],
  ])('refuses %j with %s at %s', (extra, code, param) => {
    expect(refusal({ ...base, ...extra })).toEqual([code, param]);
  });
});

describe('blocks of Anthropic', () => {
  it('become parts', () => {
    expect(
      partsOf(
        'user',
        { type: 'image', source: { type: 'base64', media_type: 'image/jpg', data: 'AA==' } },
        { type: 'image', source: { type: 'url', url: 'https://x/y.png' } },
        { type: 'document', title: 'T', source: { type: 'file', file_id: 'file_1' } },
        { type: 'document', source: { type: 'url', url: 'https://x/y.pdf' }, context: 'About it.' },
        { type: 'search_result', source: 's', title: 't', content: [] },
      ),
    ).toMatchObject([
      { type: 'image', source: { kind: 'data', mediaType: 'image/jpeg', data: 'AA==' } },
      { type: 'image', source: { kind: 'url', url: 'https://x/y.png' } },
      { type: 'document', filename: 'T', source: { kind: 'file-id', id: 'file_1', dialect: 'anthropic' } },
      { type: 'text', text: 'About it.' },
      { type: 'document', source: { kind: 'url', mediaType: 'application/pdf' } },
      { type: 'opaque', name: 'search_result', dialect: 'anthropic' },
    ]);
  });

  it('of a document that is made of blocks become its text and its images', () => {
    const image = { type: 'image', source: { type: 'url', url: 'https://x' } };
    const content = [{ type: 'text', text: 'a' }, image, { type: 'text', text: 'b' }];
    expect(partsOf('user', { type: 'document', source: { type: 'content', content } })).toMatchObject([
      { type: 'document', source: { kind: 'text', text: 'a\nb' } },
      { type: 'image', path: 'messages[0].content[0].source.content[1]' },
    ]);
  });

  it('of a tool result keep text and images, and anything else as its JSON', () => {
    const content = [
      { type: 'text', text: 'ok' },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } },
      { type: 'search_result', source: 's', title: 't', content: [{ type: 'text', text: 'found' }] },
      { type: 'tool_reference', tool_name: 'x' },
    ];
    expect(partsOf('user', { type: 'tool_result', tool_use_id: 'c', content, is_error: true })).toMatchObject([
      {
        type: 'tool-result',
        callId: 'c',
        isError: true,
        parts: [
          { text: 'ok' },
          { type: 'image' },
          { text: 'Source: s\nTitle: t\nfound' },
          { text: '{"type":"tool_reference","tool_name":"x"}' },
        ],
      },
    ]);
    expect(partsOf('user', { type: 'tool_result', tool_use_id: 'c' })).toMatchObject([{ parts: [], isError: false }]);
  });

  it('of thinking keep whose they are', () => {
    const gemini = { dialect: 'gemini', modelGroup: 'g', value: 'S' } as const;
    expect(
      partsOf(
        'assistant',
        { type: 'thinking', thinking: 'bare', signature: 'Eq' },
        { type: 'thinking', thinking: 'sealed', signature: sealSignature(gemini) },
        { type: 'thinking', thinking: 'damaged', signature: 'gw1:gemini:x' },
        { type: 'thinking', thinking: '', signature: 'gw1:unsigned' },
        { type: 'redacted_thinking', data: 'R' },
        { type: 'redacted_thinking', data: 'gw1:damaged' },
      ),
    ).toEqual([
      {
        type: 'reasoning',
        text: 'bare',
        path: 'messages[0].content[0]',
        signature: { dialect: 'anthropic', modelGroup: '*', value: 'Eq' },
      },
      { type: 'reasoning', text: 'sealed', path: 'messages[0].content[1]', signature: gemini },
      { type: 'reasoning', text: 'damaged', path: 'messages[0].content[2]' },
      {
        type: 'reasoning',
        text: '',
        redacted: true,
        path: 'messages[0].content[4]',
        signature: { dialect: 'anthropic', modelGroup: '*', value: 'R' },
      },
    ]);
  });

  it("give Gemini's signature back to the call that it was made for", () => {
    const signature = { dialect: 'gemini', modelGroup: 'g', value: 'S' } as const;
    const call = { type: 'tool_use', id: 'c', name: 'f', input: { a: 1 } };
    expect(partsOf('assistant', { type: 'thinking', thinking: '', signature: sealSignature(signature) }, call)).toEqual(
      [
        {
          type: 'tool-call',
          id: 'c',
          name: 'f',
          arguments: '{"a":1}',
          kind: 'function',
          path: 'messages[0].content[1]',
          signature,
        },
      ],
    );
  });
});
