import { describe, expect, it } from '@jest/globals';
import type { ModelProfileOverrides } from '@penstock/contracts';
import { type Json, type JsonObject, resolveModelProfile, Warnings } from '@penstock/dialects';
import fc from 'fast-check';
import type { BodyCall } from '../provider-adapter.ts';
import { adjustMistralBody } from './adjust-body.ts';
import { allowedFields } from './request-fields.ts';
import { toolCallId } from './tool-call-id.ts';

const user = { role: 'user', content: 'u' };
const call = (overrides: ModelProfileOverrides = {}, changes: Partial<BodyCall> = {}): BodyCall => ({
  operation: 'chat',
  dialect: 'openai-chat',
  upstreamModel: 'm',
  profile: resolveModelProfile('openai-chat', { reasoningField: 'none', ...overrides }),
  stream: false,
  ...changes,
});

function adjust(fields: JsonObject, asked = call()): Record<string, Json | undefined> {
  const warnings = new Warnings('lenient');
  const { model: _, ...rest } = adjustMistralBody({ model: 'm', messages: [user], ...fields }, asked, warnings);
  return { ...rest, warnings: warnings.header() };
}
const messagesOf = (messages: Json[], asked = call()) => adjust({ messages }, asked)['messages'];

describe('a Chat request for Mistral', () => {
  it.each<[JsonObject, JsonObject, string | null]>([
    [{ max_completion_tokens: 5, seed: 7 }, { max_tokens: 5, random_seed: 7 }, null],
    [{ seed: -7 }, { random_seed: 7 }, null],
    [{ stream: true, stream_options: { include_usage: true }, user: 'u' }, { stream: true }, null],
    [{ logprobs: true, store: true }, {}, 'dropped:logprobs, dropped:store'],
    [{ logprobs: false, store: false, top_k: null }, {}, null],
    [{ tools: [], tool_choice: 'auto', parallel_tool_calls: true }, {}, null],
    [{ service_tier: 'default' }, { service_tier: 'standard_only' }, null],
    [{ service_tier: 'priority' }, {}, 'dropped:service_tier'],
    [{ safe_prompt: true, brand_new_field: 1 }, { safe_prompt: true }, 'dropped:brand_new_field'],
  ])('%j becomes %j', (fields, expected, warnings) => {
    expect(adjust(fields)).toEqual({ messages: [user], ...expected, warnings });
  });

  it.each([{ functions: [{ name: 'f' }] }, { web_search_options: {} }])('is refused with %j', (fields) => {
    const param = Object.keys(fields)[0];
    expect(() => adjust(fields)).toThrow(expect.objectContaining({ code: 'unsupported_parameter', param }));
  });

  it('forces tools in its own word, and always says what they take', () => {
    const tools = [{ type: 'function', function: { name: 'f', extra: 1 }, cache_control: {} }];
    expect(adjust({ tools, tool_choice: 'required' })).toMatchObject({
      tool_choice: 'any',
      tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } }],
    });
  });

  it('has only fields of messages, calls and parts that are known', () => {
    const part = { type: 'text', text: 't', prompt_cache_breakpoint: {} };
    const image = { type: 'image_url', image_url: { url: 'data:x' }, cache: 1 };
    const file = { type: 'file', file: { file_data: 'data:p', filename: 'a.pdf' } };
    expect(
      messagesOf([
        { role: 'developer', content: 's', name: 'x' },
        { role: 'user', content: [part, image, file], name: 'x' },
        { role: 'assistant', content: 'a', refusal: null, reasoning_content: 'r', annotations: [] },
        user,
      ]),
    ).toEqual([
      { role: 'system', content: 's' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 't' },
          { type: 'image_url', image_url: { url: 'data:x' } },
          { type: 'document_url', document_url: 'data:p', document_name: 'a.pdf' },
        ],
      },
      { role: 'assistant', content: 'a' },
      user,
    ]);
  });

  it('is refused with content that Mistral does not know, by its path', () => {
    const messages = [user, { role: 'user', content: [{ type: 'video' }] }];
    expect(() => messagesOf(messages)).toThrow(
      expect.objectContaining({ code: 'unsupported_content', param: 'messages[1].content[0]' }),
    );
  });

  it('has an assistant between results of tools and the user, and ids that are accepted', () => {
    const calls = [{ id: 'call_abc', type: 'function', function: { name: 'f', arguments: '{}' }, extra_content: {} }];
    const id = toolCallId('call_abc');
    expect(
      messagesOf([
        user,
        { role: 'assistant', content: null, tool_calls: calls },
        { role: 'tool', tool_call_id: 'call_abc', content: 'r', extra: 1 },
        user,
      ]),
    ).toEqual([
      user,
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id, type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: id, content: 'r', name: 'f' },
      { role: 'assistant', content: 'OK.' },
      user,
    ]);
  });

  it('marks the beginning of an answer, and has no turn in which nothing is said', () => {
    expect(messagesOf([user, { role: 'assistant', content: '' }, { role: 'assistant', content: '{' }])).toEqual([
      user,
      { role: 'assistant', content: '{', prefix: true },
    ]);
  });

  it('tells of earlier reasoning where the model reads it', () => {
    const messages = [user, { role: 'assistant', content: 'a', reasoning: 'r' }, user];
    expect(messagesOf(messages, call({ reasoningField: 'reasoning' }))).toEqual([
      user,
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'r' }], closed: true },
          { type: 'text', text: 'a' },
        ],
      },
      user,
    ]);
  });

  it('asks a model that thinks by the mode of its prompt in that way', () => {
    const asked = call({ thinking: 'adaptive' });
    expect(adjust({ reasoning_effort: 'high' }, asked)).toEqual({
      messages: [user],
      prompt_mode: 'reasoning',
      warnings: null,
    });
    expect(adjust({ reasoning_effort: 'none' }, asked)).toEqual({ messages: [user], warnings: null });
  });

  it('never holds a field that Mistral does not know, whatever the caller sends', () => {
    const fields = fc.dictionary(fc.string({ maxLength: 12 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 5 });
    fc.assert(
      fc.property(fields, (extra) => {
        const { warnings: _, ...body } = adjust(extra as JsonObject);
        expect(Object.keys(body).filter((name) => !allowedFields('chat').has(name))).toEqual([]);
      }),
    );
  });
});

describe('other requests for Mistral', () => {
  it('name the size of embeddings in its own word', () => {
    const body = { model: 'm', input: 'x', dimensions: 8, encoding_format: 'float', user: 'u' };
    expect(adjustMistralBody(body, call({}, { operation: 'embeddings' }), new Warnings('strict'))).toEqual({
      model: 'm',
      input: 'x',
      output_dimension: 8,
      encoding_format: 'float',
    });
  });

  it('fill in the middle', () => {
    const body = { model: 'm', prompt: 'a', suffix: 'b', max_tokens: 5, seed: 1, echo: false };
    expect(adjustMistralBody(body, call({}, { operation: 'completions' }), new Warnings('lenient'))).toEqual({
      model: 'm',
      prompt: 'a',
      suffix: 'b',
      max_tokens: 5,
      random_seed: 1,
    });
  });
});

describe('toolCallId', () => {
  it('is nine letters and digits, always the same, and that of an id that has this form already', () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        expect(toolCallId(id)).toMatch(/^[A-Za-z0-9]{9}$/);
        expect(toolCallId(toolCallId(id))).toBe(toolCallId(id));
      }),
    );
    expect(toolCallId('call_a')).not.toBe(toolCallId('call_b'));
  });
});
