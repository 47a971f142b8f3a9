import { describe, expect, it } from '@jest/globals';
import { VLLM_PROFILE } from '@penstock/contracts';
import { CHAT_RULES, type Json, type JsonObject, resolveModelProfile, scanRequest, Warnings } from '@penstock/dialects';
import type { BodyCall } from '../provider-adapter.ts';
import { vllmAdapter } from './adapter.ts';
import { adjustVllmBody } from './adjust-body.ts';

const profile = resolveModelProfile('openai-chat', VLLM_PROFILE);
const call: BodyCall = { operation: 'chat', dialect: 'openai-chat', upstreamModel: 'm', profile, stream: false };
const user = { role: 'user', content: 'u' };

function adjust(fields: JsonObject, changes: Partial<BodyCall> = {}): Record<string, Json | undefined> {
  const body = { model: 'm', messages: [user], ...fields };
  const asked = { ...call, ...changes };
  const bytes = Buffer.from(JSON.stringify(body));
  const needed = vllmAdapter.needsAdjustment?.(scanRequest(bytes, CHAT_RULES), bytes, asked);
  const { model: _, ...adjusted } = adjustVllmBody(body, asked, new Warnings('lenient'));
  return { needed, ...adjusted };
}

describe('a Chat request for vLLM', () => {
  it.each<[JsonObject]>([
    [{}],
    [{ messages: [{ role: 'system', content: 's' }, user, { role: 'assistant', content: 'a' }, user] }],
    [{ messages: [{ content: 'a "system" of "developer"s with "reasoning_content"', role: 'user' }] }],
    [{ tools: [{ type: 'function', function: { name: 'f' } }], tool_choice: 'auto', top_k: 5, min_p: 0.1, seed: 1 }],
    [{ stream: true, stream_options: { include_usage: true }, reasoning_effort: 'xhigh', n: 2 }],
    [{ structured_outputs: { regex: 'a' }, chat_template_kwargs: { enable_thinking: false } }],
  ])('passes unparsed where vLLM takes it as it is: %j', (fields) => {
    const stream = fields['stream'] === true;
    expect(adjust(fields, { stream })).toEqual({ needed: false, messages: [user], ...fields });
  });

  it.each(['chat_template', 'kv_transfer_params', 'media_io_kwargs', 'vllm_xargs'])('is refused with %s', (name) => {
    const refusal = expect.objectContaining({ code: 'unknown_parameter', status: 400, param: name });
    expect(() => adjust({ [name]: {} })).toThrow(refusal);
    expect(() => adjustVllmBody({ [name]: {} }, { ...call, translated: true }, new Warnings('lenient'))).toThrow(
      refusal,
    );
  });

  it.each<[JsonObject, JsonObject]>([
    [{ tools: [], tool_choice: 'auto', parallel_tool_calls: true }, {}],
    [{ tools: [], tool_choice: 'required' }, {}],
    [{ tool_choice: 'none' }, {}],
    // A forced tool without tools is a mistake, and the server says so.
    [{ tool_choice: 'required' }, { tool_choice: 'required' }],
    [{ guided_json: { type: 'object' } }, { structured_outputs: { json: { type: 'object' } } }],
    [{ guided_choice: ['a'], guided_decoding_backend: 'x' }, { structured_outputs: { choice: ['a'] } }],
    [{ guided_regex: 'a', structured_outputs: { grammar: 'g' } }, { structured_outputs: { grammar: 'g' } }],
    [{ stream_options: { include_usage: true } }, {}],
    [{ store: true, metadata: { a: 'b' } }, {}],
  ])('%j becomes %j', (fields, expected) => {
    expect(adjust(fields)).toEqual({ needed: true, messages: [user], ...expected });
  });

  it('has one system message, and that one in front', () => {
    const messages = [
      { role: 'system', content: 'A' },
      user,
      { role: 'developer', content: 'B' },
      { role: 'user', content: 'w' },
    ];
    const expected = [{ role: 'system', content: 'A\n\nB' }, user, { role: 'user', content: 'w' }];
    expect(adjust({ messages })).toEqual({ needed: true, messages: expected });
    expect(adjust({ messages: expected })).toEqual({ needed: false, messages: expected });
  });

  it('has a late system message hoisted, and parts kept', () => {
    const part = { type: 'text', text: 'B' };
    expect(adjust({ messages: [user, { role: 'system', content: 'A' }] })).toEqual({
      needed: true,
      messages: [{ role: 'system', content: 'A' }, user],
    });
    const mixed = [{ role: 'system', content: 'A' }, { role: 'system', content: [part] }, user];
    expect(adjust({ messages: mixed })['messages']).toEqual([
      { role: 'system', content: [{ type: 'text', text: 'A' }, part] },
      user,
    ]);
  });

  it('leaves system messages alone where the model takes them anywhere', () => {
    const anywhere = { ...profile, multipleSystem: true, midSystem: 'native' } as const;
    const messages = [user, { role: 'system', content: 'A' }, user, { role: 'system', content: 'B' }];
    expect(adjust({ messages }, { profile: anywhere })).toEqual({ needed: false, messages });
  });

  it('says earlier reasoning by the name that the server reads', () => {
    const messages = [user, { role: 'assistant', content: 'a', reasoning_content: 'r' }, user];
    expect(adjust({ messages })).toEqual({
      needed: true,
      messages: [user, { role: 'assistant', content: 'a', reasoning: 'r' }, user],
    });
    const silent = { ...profile, reasoningField: 'none' } as const;
    expect(adjust({ messages }, { profile: silent })['messages']).toEqual([
      user,
      { role: 'assistant', content: 'a' },
      user,
    ]);
  });

  it('goes on with words put into the mouth of the model where the caller speaks a dialect that knows this', () => {
    const messages = [user, { role: 'assistant', content: '{' }];
    const goesOn = { add_generation_prompt: false, continue_final_message: true };
    expect(adjust({ messages }, { translated: true })).toMatchObject(goesOn);
    expect(adjust({ messages })).toEqual({ needed: false, messages });
    const calls = [user, { role: 'assistant', content: null, tool_calls: [{ id: 'a' }] }];
    expect(adjust({ messages: calls }, { translated: true })).not.toMatchObject(goesOn);
  });

  it('is counted by what the template sees', () => {
    const tools = [{ type: 'function', function: { name: 'f' } }];
    const body = { model: 'm', messages: [user], tools, max_tokens: 5, stream: false };
    const counting: BodyCall = { ...call, operation: 'count-tokens', translated: true };
    expect(adjustVllmBody(body, counting, new Warnings('strict'))).toEqual({
      model: 'm',
      messages: [user],
      tools,
      add_generation_prompt: true,
    });
  });
});
