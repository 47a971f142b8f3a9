import { describe, expect, it } from '@jest/globals';
import { GatewayError } from '@penstock/contracts';
import type { JsonObject } from '../canonical/json.ts';
import { parseFaithfully } from '../json/parse-faithfully.ts';
import { decodeRequest } from './decode-request.ts';
import { requestOf } from './testing/chat-fixture.ts';

const USER = { role: 'user', content: 'hi' };
const turnsOf = (...messages: readonly JsonObject[]) => requestOf({ messages }).turns;
const assistantParts = (message: JsonObject) => turnsOf(USER, { role: 'assistant', ...message })[1]?.parts;

function errorOf(body: JsonObject): object {
  try {
    decodeRequest(body);
  } catch (error) {
    if (error instanceof GatewayError) return { code: error.code, param: error.param };
    throw error;
  }
  return { code: 'none' };
}

describe('decodeRequest of Chat', () => {
  it('takes the messages before the first turn for the system, and later ones for turns (R01)', () => {
    const request = requestOf({
      messages: [
        { role: 'system', content: 'S1' },
        { role: 'developer', content: [{ type: 'text', text: 'D1', prompt_cache_breakpoint: { mode: 'explicit' } }] },
        USER,
        { role: 'system', content: 'late' },
      ],
    });
    expect(request.system).toEqual([
      { type: 'text', text: 'S1', origin: 'system', path: 'messages[0].content' },
      { type: 'text', text: 'D1', origin: 'developer', path: 'messages[1].content[0]', cache: { ttl: '5m' } },
    ]);
    expect(request.turns.map(({ role }) => role)).toEqual(['user', 'system']);
  });

  it('reads every kind of content', () => {
    const content = [
      { type: 'text', text: 't', cache_control: { type: 'ephemeral', ttl: '1h' } },
      { type: 'image_url', image_url: { url: 'data:image/jpg;base64,AAAA', detail: 'low' } },
      { type: 'image_url', image_url: { url: 'https://a.example/b.png' } },
      { type: 'image_url', image_url: 'data:image/svg+xml,%3Csvg%2F%3E' },
      { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
      { type: 'file', file: { file_data: 'data:application/pdf;base64,AAAA', filename: 'a.pdf' } },
      { type: 'file', file: { file_id: 'file-1' } },
    ];
    const at = (index: number) => `messages[0].content[${index}]`;
    expect(turnsOf({ role: 'user', name: 'ann', content })).toEqual([
      {
        role: 'user',
        name: 'ann',
        parts: [
          { type: 'text', text: 't', cache: { ttl: '1h' }, path: at(0) },
          {
            type: 'image',
            source: { kind: 'data', data: 'AAAA', mediaType: 'image/jpeg' },
            detail: 'low',
            path: at(1),
          },
          { type: 'image', source: { kind: 'url', url: 'https://a.example/b.png' }, path: at(2) },
          { type: 'image', source: { kind: 'data', data: 'PHN2Zy8+', mediaType: 'image/svg+xml' }, path: at(3) },
          { type: 'audio', source: { kind: 'data', data: 'AAAA', mediaType: 'audio/wav' }, path: at(4) },
          {
            type: 'document',
            source: { kind: 'data', data: 'AAAA', mediaType: 'application/pdf' },
            filename: 'a.pdf',
            path: at(5),
          },
          { type: 'document', source: { kind: 'file-id', id: 'file-1', dialect: 'openai-chat' }, path: at(6) },
        ],
      },
    ]);
  });

  it('reads calls, and gathers the results behind them in one turn (R08)', () => {
    const calls = [
      { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
      { id: 'c2', type: 'custom', custom: { name: 'sql', input: 'SELECT 1' } },
    ];
    const turns = turnsOf(
      USER,
      { role: 'assistant', content: null, tool_calls: calls },
      {
        role: 'tool',
        tool_call_id: 'c2',
        content: [
          { type: 'text', text: 'two' },
          { type: 'image_url', image_url: { url: 'https://a.example' } },
        ],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'one' },
      { role: 'user', content: 'go' },
    );
    expect(turns[1]?.parts).toEqual([
      {
        type: 'tool-call',
        id: 'c1',
        name: 'f',
        arguments: '{"a":1}',
        kind: 'function',
        path: 'messages[1].tool_calls[0]',
      },
      {
        type: 'tool-call',
        id: 'c2',
        name: 'sql',
        arguments: 'SELECT 1',
        kind: 'custom',
        path: 'messages[1].tool_calls[1]',
      },
    ]);
    expect(turns[2]).toMatchObject({
      role: 'user',
      parts: [
        { type: 'tool-result', callId: 'c2', parts: [{ text: 'two' }, { type: 'image' }] },
        { callId: 'c1', parts: [{ text: 'one' }] },
      ],
    });
    expect(turns[3]?.parts).toMatchObject([{ text: 'go' }]);
  });

  it('matches the old role function with the last open call of its name', () => {
    const turns = turnsOf(
      USER,
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
      { role: 'function', name: 'f', content: 'one' },
      { role: 'function', name: 'f', content: 'orphan' },
    );
    expect(turns[1]?.parts).toMatchObject([{ type: 'tool-call', id: 'fc0000001', name: 'f' }]);
    expect(turns[2]?.parts).toMatchObject([
      { callId: 'fc0000001', name: 'f' },
      { callId: 'fc0000003', name: 'f' },
    ]);
  });

  it('drops an assistant that says nothing, and keeps no empty text beside calls', () => {
    expect(turnsOf(USER, { role: 'assistant', content: '' }, USER).map(({ role }) => role)).toEqual(['user', 'user']);
    const calls = [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }];
    expect(assistantParts({ content: '', tool_calls: calls })).toHaveLength(1);
  });

  it('reads refusals and the sound of earlier answers', () => {
    const expected = [{ type: 'refusal', text: 'No.' }];
    expect(assistantParts({ content: null, refusal: 'No.' })).toMatchObject(expected);
    expect(assistantParts({ content: [{ type: 'refusal', refusal: 'No.' }] })).toMatchObject(expected);
    expect(assistantParts({ content: null, audio: { id: 'audio_1' } })).toMatchObject([
      { type: 'audio', source: { kind: 'file-id', id: 'audio_1', dialect: 'openai-chat' } },
    ]);
  });

  it('reads tools of all kinds', () => {
    const format = { type: 'grammar', grammar: { syntax: 'lark', definition: 'x' } };
    const { tools } = requestOf({
      tools: [
        { type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object' }, strict: true } },
        { type: 'custom', custom: { name: 'sql', format } },
        { type: 'web_search', depth: 2 },
      ],
    });
    expect(tools).toEqual([
      { kind: 'function', name: 'f', description: 'd', parameters: { type: 'object' }, strict: true, path: 'tools[0]' },
      { kind: 'custom', name: 'sql', native: { dialect: 'openai-chat', value: format }, path: 'tools[1]' },
      {
        kind: 'server',
        name: 'web_search',
        native: { dialect: 'openai-chat', value: { type: 'web_search', depth: 2 } },
        path: 'tools[2]',
      },
    ]);
  });

  it.each<[unknown, object]>([
    ['auto', { mode: 'auto' }],
    ['required', { mode: 'required' }],
    ['any', { mode: 'required' }],
    ['none', { mode: 'none' }],
    [
      { type: 'function', function: { name: 'f' } },
      { mode: 'named', name: 'f' },
    ],
    [
      { type: 'custom', custom: { name: 'c' } },
      { mode: 'named', name: 'c' },
    ],
    [
      {
        type: 'allowed_tools',
        allowed_tools: {
          mode: 'required',
          tools: [
            { type: 'function', function: { name: 'f' } },
            { type: 'custom', name: 'c' },
          ],
        },
      },
      { mode: 'required', allowed: ['f', 'c'] },
    ],
  ])('reads the choice %j', (choice, expected) => {
    expect(requestOf({ tool_choice: choice as string }).toolChoice).toEqual(expected);
  });

  it('turns functions into tools and remembers who asked', () => {
    const request = requestOf({
      functions: [{ name: 'f', parameters: { type: 'object' } }],
      function_call: { name: 'f' },
    });
    expect(request).toMatchObject({
      tools: [{ kind: 'function', name: 'f' }],
      toolChoice: { mode: 'named', name: 'f' },
      parallelToolCalls: false,
      answer: { legacyFunctions: true },
    });
  });

  it('reads the parameters', () => {
    const body = {
      stream: true,
      stream_options: { include_usage: true, include_obfuscation: false },
      max_tokens: 5,
      max_completion_tokens: 6,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 40,
      min_p: 0.1,
      stop: 'END',
      n: 2,
      frequency_penalty: 1,
      presence_penalty: -1,
      logit_bias: { 5: 1 },
      logprobs: true,
      top_logprobs: 3,
      response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'object' }, strict: true } },
      reasoning_effort: 'high',
      thinking_token_budget: 100,
      verbosity: 'low',
      service_tier: 'flex',
      metadata: { a: 'b' },
      user: 'u',
      prompt_cache_key: 'k',
      prediction: { type: 'content', content: 'x' },
      modalities: ['text', 'audio'],
      audio: { voice: 'v', format: 'wav' },
      web_search_options: {},
      store: false,
      parallel_tool_calls: false,
      repetition_penalty: 1.1,
      nothing: null,
    };
    expect(requestOf(body)).toEqual({
      dialect: 'openai-chat',
      model: 'alias',
      stream: true,
      includeUsage: true,
      system: [],
      turns: [{ role: 'user', parts: [{ type: 'text', text: 'hi', path: 'messages[0].content' }] }],
      tools: [],
      maxOutputTokens: 6,
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      minP: 0.1,
      stop: ['END'],
      choices: 2,
      frequencyPenalty: 1,
      presencePenalty: -1,
      logitBias: { 5: 1 },
      logprobs: 3,
      parallelToolCalls: false,
      output: { kind: 'schema', name: 'x', schema: { type: 'object' }, strict: true },
      reasoning: { effort: 'high', budget: 100 },
      verbosity: 'low',
      serviceTier: 'flex',
      metadata: { a: 'b' },
      endUser: 'u',
      promptCacheKey: 'k',
      prediction: { type: 'content', content: 'x' },
      audioOutput: { modalities: ['text', 'audio'], audio: { voice: 'v', format: 'wav' } },
      webSearch: {},
      store: false,
      extra: { repetition_penalty: 1.1, stream_options: { include_obfuscation: false } },
      answer: {},
    });
  });

  it('keeps a seed beyond 2^53 as it was written, and reads 1.0 as the number it is', () => {
    const text = '{"model":"m","messages":[{"role":"user","content":"x"}],"seed":9007199254740993,"temperature":1.0}';
    const request = decodeRequest(parseFaithfully(text) as JsonObject);
    expect([JSON.stringify(request.seed), request.temperature]).toEqual(['9007199254740993', 1]);
  });

  it.each<[JsonObject, string, string]>([
    [{ model: 'm' }, 'missing_required_parameter', 'messages'],
    [{ messages: [USER] }, 'missing_required_parameter', 'model'],
    [{ model: 1, messages: [USER] }, 'invalid_type', 'model'],
    [{ model: 'm', messages: 'x' }, 'invalid_type', 'messages'],
    [{ model: 'm', messages: [] }, 'invalid_request', 'messages'],
    [{ model: 'm', messages: ['x'] }, 'invalid_type', 'messages[0]'],
    [{ model: 'm', messages: [{ role: 'robot', content: 'x' }] }, 'invalid_request', 'messages[0].role'],
    [{ model: 'm', messages: [USER, { role: 'user', content: 3 }] }, 'invalid_type', 'messages[1].content'],
    [
      { model: 'm', messages: [{ role: 'user', content: [{ type: 'hologram' }] }] },
      'unsupported_content',
      'messages[0].content[0]',
    ],
    [
      { model: 'm', messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 7 } }] }] },
      'invalid_type',
      'messages[0].content[0].image_url.url',
    ],
    [
      {
        model: 'm',
        messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png' } }] }],
      },
      'invalid_request',
      'messages[0].content[0].image_url.url',
    ],
    [
      { model: 'm', messages: [{ role: 'tool', content: 'x' }] },
      'missing_required_parameter',
      'messages[0].tool_call_id',
    ],
    [{ model: 'm', messages: [USER], temperature: 'hot' }, 'invalid_type', 'temperature'],
    [{ model: 'm', messages: [USER], max_tokens: 0 }, 'invalid_request', 'max_tokens'],
    [{ model: 'm', messages: [USER], stop: ['a', 1] }, 'invalid_type', 'stop[1]'],
    [{ model: 'm', messages: [USER], reasoning_effort: 'ultra' }, 'invalid_request', 'reasoning_effort'],
    [{ model: 'm', messages: [USER], top_logprobs: 2 }, 'invalid_request', 'top_logprobs'],
    [{ model: 'm', messages: [USER], tools: [{ type: 'function' }] }, 'invalid_type', 'tools[0].function'],
    [{ model: 'm', messages: [USER], tool_choice: 'maybe' }, 'invalid_request', 'tool_choice'],
    [
      { model: 'm', messages: [USER], response_format: { type: 'structural_tag' } },
      'unsupported_parameter',
      'response_format.type',
    ],
    [{ model: 'm', messages: [USER], metadata: { a: 1 } }, 'invalid_type', 'metadata.a'],
    [{ model: 'm', messages: [USER], api_base: 'https://x' }, 'unknown_parameter', 'api_base'],
  ])('refuses %j', (body, code, param) => {
    expect(errorOf(body)).toEqual({ code, param });
  });
});
