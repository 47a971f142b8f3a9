import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CanonicalPart } from '../canonical/canonical-part.ts';
import type { CanonicalRequest } from '../canonical/canonical-request.ts';
import type { JsonObject } from '../canonical/json.ts';
import { defaultProfile } from '../canonical/profile/default-profiles.ts';
import { Warnings } from '../canonical/warnings.ts';
import { decodeRequest } from './decode-request.ts';
import { encodeRequest } from './encode-request.ts';

const profile = defaultProfile('openai-responses');
const base: CanonicalRequest = {
  dialect: 'openai-chat',
  model: 'alias',
  stream: false,
  includeUsage: false,
  system: [],
  turns: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
  tools: [],
  output: { kind: 'text' },
  extra: {},
  answer: {},
};
const encode = (request: Partial<CanonicalRequest>, profileOverrides = {}) =>
  encodeRequest(
    { ...base, ...request },
    { upstreamModel: 'gpt-5', profile: { ...profile, ...profileOverrides }, warnings: new Warnings('lenient') },
  );
const assistant = (...parts: readonly CanonicalPart[]) => ({ role: 'assistant', parts }) as const;
const call = (id: string, kind: 'function' | 'custom' = 'function') =>
  ({ type: 'tool-call', id, name: 'f', arguments: '{"a":1}', kind }) as const;
const result = (callId: string, parts: CanonicalPart[] = [{ type: 'text', text: 'ok' }], isError = false) =>
  ({ role: 'user', parts: [{ type: 'tool-result', callId, parts, isError } as CanonicalPart] }) as const;

describe('encodeRequest of the Responses API', () => {
  it('stores nothing and asks for the encrypted reasoning', () => {
    expect(encode({})).toEqual({
      model: 'gpt-5',
      input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] }],
      include: ['reasoning.encrypted_content'],
      store: false,
    });
    expect(encode({}, { thinking: 'none' })).not.toHaveProperty('include');
  });

  it('writes calls and results without ids of items (R19)', () => {
    const { input } = encode({
      turns: [assistant({ type: 'text', text: 'Wait.' }, call('toolu_1')), result('toolu_1')],
    });
    expect(input).toEqual([
      {
        type: 'message',
        role: 'assistant',
        content: [{ type: 'output_text', text: 'Wait.', annotations: [] }],
      },
      { type: 'function_call', call_id: 'toolu_1', name: 'f', arguments: '{"a":1}' },
      { type: 'function_call_output', call_id: 'toolu_1', output: 'ok' },
    ]);
  });

  it('writes calls of custom tools and their results in their own words', () => {
    const { input } = encode({ turns: [assistant(call('c', 'custom')), result('c')] });
    expect(input).toEqual([
      { type: 'custom_tool_call', call_id: 'c', name: 'f', input: '{"a":1}' },
      { type: 'custom_tool_call_output', call_id: 'c', output: 'ok' },
    ]);
  });

  it('writes images in results (R17)', () => {
    const image: CanonicalPart = { type: 'image', source: { kind: 'data', data: 'AAAA', mediaType: 'image/png' } };
    const { input } = encode({ turns: [assistant(call('a')), result('a', [{ type: 'text', text: 'see' }, image])] });
    expect(input).toMatchObject([
      {},
      {
        output: [
          { type: 'input_text', text: 'see' },
          { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'auto' },
        ],
      },
    ]);
  });

  it('says that a tool failed which gave no words', () => {
    const { input } = encode({ turns: [assistant(call('a')), result('a', [], true)] });
    expect(input).toMatchObject([{}, { output: 'Error' }]);
  });

  it('keeps the order of text and calls', () => {
    const { input } = encode({
      turns: [assistant({ type: 'text', text: '1' }, call('a'), { type: 'text', text: '2' })],
    });
    expect((input as JsonObject[]).map(({ type }) => type)).toEqual(['message', 'function_call', 'message']);
  });

  it("sends back only OpenAI's own reasoning, before the call that followed it", () => {
    const own = { dialect: 'openai-responses', modelGroup: 'gpt-5', value: 'gAAA' } as const;
    const { input } = encode({
      turns: [
        assistant(
          { type: 'reasoning', text: 'thought', signature: own },
          { type: 'reasoning', text: 'unsigned' },
          { type: 'reasoning', text: '', redacted: true, signature: { ...own, dialect: 'anthropic' } },
          call('a'),
        ),
      ],
    });
    expect(input).toMatchObject([
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'thought' }], encrypted_content: 'gAAA' },
      { type: 'function_call' },
    ]);
    expect(input).toHaveLength(2);
  });

  it('writes system prompts as messages, and those of other dialects as instructions', () => {
    const system = [
      { type: 'text', text: 'A', origin: 'developer' },
      { type: 'text', text: 'B', origin: 'developer' },
    ] as const;
    expect(encode({ system, turns: [] }).input).toMatchObject([{ role: 'developer' }, { role: 'developer' }]);
    expect(encode({ system, dialect: 'anthropic' }).instructions).toBe('A\nB');
    const cached = [{ ...system[0], cache: { ttl: '5m' } }, system[1]] as const;
    expect(encode({ system: cached, dialect: 'anthropic', turns: [] })).toMatchObject({
      input: [{ content: [{ prompt_cache_breakpoint: { mode: 'explicit' } }] }, { content: [{ text: 'B' }] }],
    });
  });

  it('writes flat tools, groups namespaces and flattens the grammar of Chat', () => {
    const grammar = { syntax: 'lark', definition: 'start: "x"' };
    const { tools, tool_choice, parallel_tool_calls } = encode({
      tools: [
        { kind: 'function', name: 'f' },
        { kind: 'function', name: 'g', namespace: 'clock', parameters: { type: 'object' }, strict: true },
        { kind: 'custom', name: 'x', native: { dialect: 'openai-chat', value: { type: 'grammar', grammar } } },
        { kind: 'custom', name: 'y', namespace: 'clock' },
      ],
      toolChoice: { mode: 'required', allowed: ['f', 'x'] },
      parallelToolCalls: false,
    });
    expect(tools).toEqual([
      { type: 'function', name: 'f', parameters: { type: 'object', properties: {} }, strict: false },
      {
        type: 'namespace',
        name: 'clock',
        description: '',
        tools: [
          { type: 'function', name: 'g', parameters: { type: 'object', properties: {} }, strict: true },
          { type: 'custom', name: 'y' },
        ],
      },
      { type: 'custom', name: 'x', format: { type: 'grammar', ...grammar } },
    ]);
    expect(tool_choice).toEqual({
      type: 'allowed_tools',
      mode: 'required',
      tools: [
        { type: 'function', name: 'f' },
        { type: 'custom', name: 'x' },
      ],
    });
    expect(parallel_tool_calls).toBe(false);
  });

  it('leaves out all about tools when there are none', () => {
    const body = encode({ toolChoice: { mode: 'auto' }, parallelToolCalls: true });
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['tool_choice']));
    expect(body).not.toHaveProperty('parallel_tool_calls');
  });

  it("makes a tool of Chat's web search", () => {
    const webSearch = {
      search_context_size: 'low',
      user_location: { type: 'approximate', approximate: { country: 'CH' } },
    };
    expect(encode({ webSearch }).tools).toEqual([
      { type: 'web_search', search_context_size: 'low', user_location: { type: 'approximate', country: 'CH' } },
    ]);
  });

  it('writes the parameters', () => {
    const schema = { type: 'object', properties: {} };
    expect(
      encode({
        stream: true,
        maxOutputTokens: 50,
        temperature: 0.5,
        topP: 0.9,
        logprobs: 3,
        output: { kind: 'schema', schema, strict: true },
        verbosity: 'low',
        reasoning: { effort: 'high' },
        serviceTier: 'flex',
        metadata: { a: 'b' },
        endUser: 'u',
        promptCacheKey: 'k',
        extra: { moderation: { model: 'm' } },
      }),
    ).toMatchObject({
      stream: true,
      max_output_tokens: 50,
      temperature: 0.5,
      top_p: 0.9,
      top_logprobs: 3,
      include: ['reasoning.encrypted_content', 'message.output_text.logprobs'],
      text: { format: { type: 'json_schema', name: 'structured_output', schema, strict: true }, verbosity: 'low' },
      reasoning: { effort: 'high', summary: 'auto' },
      service_tier: 'flex',
      metadata: { a: 'b' },
      safety_identifier: 'u',
      prompt_cache_key: 'k',
      moderation: { model: 'm' },
    });
    expect(encode({ reasoning: { effort: 'none' } }).reasoning).toEqual({ effort: 'none' });
    expect(encode({ reasoning: { effort: 'low', display: 'omitted' } }).reasoning).toEqual({ effort: 'low' });
  });

  it('refuses what it has no word for and says where it stands', () => {
    const audio: CanonicalPart = {
      type: 'audio',
      source: { kind: 'data', data: '', mediaType: 'audio/wav' },
      path: 'p',
    };
    expect(() => encode({ turns: [{ role: 'user', parts: [audio] }] })).toThrow(
      expect.objectContaining({ code: 'unsupported_content', param: 'p' }),
    );
  });

  it('gives back the input items that it has read', () => {
    const text = fc.string({ minLength: 1 });
    const item = fc.oneof(
      text.map((value) => message('user', { type: 'input_text', text: value })),
      text.map((value) => message('assistant', { type: 'output_text', text: value, annotations: [] })),
      text.map((url) => message('user', { type: 'input_image', detail: 'auto', image_url: `https://${url}` })),
      fc
        .tuple(text, text, text)
        .map(([id, name, args]) => ({ type: 'function_call', call_id: id, name, arguments: args })),
      fc.tuple(text, text).map(([id, output]) => ({ type: 'function_call_output', call_id: id, output })),
      text.map((encrypted) => ({
        type: 'reasoning',
        summary: [{ type: 'summary_text', text: 't' }],
        // Nothing that could be an envelope of ours.
        encrypted_content: `v${encrypted}`,
      })),
      text.map((id) => ({ type: 'web_search_call', id, status: 'completed' })),
    );
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 12 }), (input) => {
        const decoded = decodeRequest({ model: 'm', input });
        expect(mergedContent(encode(decoded).input as JsonObject[])).toEqual(mergedContent(input));
      }),
      { numRuns: 500 },
    );
  });
});

const message = (role: string, part: JsonObject): JsonObject => ({ type: 'message', role, content: [part] });

/** Neighbouring messages of the assistant become one, which means the same. */
function mergedContent(items: readonly JsonObject[]): readonly JsonObject[] {
  const merged: JsonObject[] = [];
  for (const item of items) {
    const last = merged.at(-1);
    if (last?.['type'] === 'message' && item['role'] === 'assistant' && last['role'] === 'assistant') {
      const content = [...(last['content'] as JsonObject[]), ...(item['content'] as JsonObject[])];
      merged[merged.length - 1] = { ...last, content };
    } else merged.push(item);
  }
  return merged;
}
