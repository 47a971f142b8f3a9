import { describe, expect, it } from '@jest/globals';
import type { GatewayError } from '@penstock/contracts';
import type { JsonObject } from '../canonical/json.ts';
import { sealSignature } from '../canonical/signature-envelope.ts';
import { parseFaithfully } from '../json/parse-faithfully.ts';
import { decodeRequest } from './decode-request.ts';
import { sealCarrier } from './reasoning-carrier.ts';

const decode = (extra: JsonObject) => decodeRequest({ model: 'm', input: 'hi', ...extra });
const items = (...input: readonly JsonObject[]) => decode({ input });
const user = (text: string): JsonObject => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] });
const call = (id: string, extra: JsonObject = {}): JsonObject => ({
  type: 'function_call',
  call_id: id,
  name: 'f',
  arguments: '{}',
  ...extra,
});
const output = (id: string, text = 'ok'): JsonObject => ({ type: 'function_call_output', call_id: id, output: text });
const anthropic = { dialect: 'anthropic', modelGroup: 'opus', value: 'c2ln' } as const;

function refusal(body: JsonObject): readonly [string, string | null, number] {
  try {
    decodeRequest(body);
  } catch (error) {
    const { code, param, status } = error as GatewayError;
    return [code, param, status];
  }
  return ['accepted', null, 200];
}

describe('decodeRequest of the Responses API', () => {
  it('reads the short form', () => {
    expect(decode({ instructions: 'Be brief.' })).toMatchObject({
      dialect: 'openai-responses',
      model: 'm',
      stream: false,
      includeUsage: true,
      system: [{ type: 'text', text: 'Be brief.', origin: 'instructions', path: 'instructions' }],
      turns: [{ role: 'user', parts: [{ type: 'text', text: 'hi', path: 'input' }] }],
      output: { kind: 'text' },
      extra: {},
    });
  });

  it('keeps system messages before the first turn apart from later ones', () => {
    const { system, turns } = items({ role: 'developer', content: 'D' }, { role: 'system', content: 'S' }, user('a'), {
      role: 'developer',
      content: 'later',
    });
    expect(system.map(({ text, origin }) => [text, origin])).toEqual([
      ['D', 'developer'],
      ['S', 'system'],
    ]);
    expect(turns.map(({ role }) => role)).toEqual(['user', 'system']);
  });

  it('makes one turn of what the model said and one of the results of its tools (R14)', () => {
    const { turns } = items(
      user('go'),
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'hmm' }], encrypted_content: null },
      { type: 'message', id: 'msg_1', role: 'assistant', content: [{ type: 'output_text', text: 'Wait.' }] },
      call('a'),
      call('b', { id: 'fc_2', namespace: 'clock' }),
      output('a'),
      output('b'),
      user('and?'),
    );
    expect(turns.map(({ role, parts }) => [role, parts.map(({ type }) => type)])).toEqual([
      ['user', ['text']],
      ['assistant', ['reasoning', 'text', 'tool-call', 'tool-call']],
      ['user', ['tool-result', 'tool-result']],
      ['user', ['text']],
    ]);
    expect(turns[1]?.parts[3]).toEqual({
      type: 'tool-call',
      id: 'b',
      name: 'f',
      arguments: '{}',
      kind: 'function',
      namespace: 'clock',
      path: 'input[4]',
    });
  });

  it('leaves a message between a call and its output where it stands, for the repair of pairs (R13)', () => {
    const { turns } = items(call('a'), user('wait'), output('a'));
    expect(turns.map(({ parts }) => parts[0]?.type)).toEqual(['tool-call', 'text', 'tool-result']);
  });

  it('reads images, files and audio', () => {
    const { turns } = items({
      role: 'user',
      content: [
        { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'high' },
        { type: 'input_image', image_url: 'https://example.org/a.png', detail: 'auto' },
        { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBE' },
        { type: 'input_file', filename: 'a.txt', file_data: 'data:text/plain;base64,aGk=' },
        { type: 'input_file', file_url: 'https://example.org/a.pdf' },
        { type: 'input_file', file_id: 'file-1' },
        { type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } },
      ],
    });
    expect(turns[0]?.parts).toMatchObject([
      { type: 'image', detail: 'high', source: { kind: 'data', mediaType: 'image/png', data: 'AAAA' } },
      { type: 'image', source: { kind: 'url', url: 'https://example.org/a.png' }, path: 'input[0].content[1]' },
      { type: 'document', filename: 'a.pdf', source: { kind: 'data', mediaType: 'application/pdf', data: 'JVBE' } },
      { type: 'document', filename: 'a.txt', source: { kind: 'text', text: 'hi' } },
      { type: 'document', source: { kind: 'url', url: 'https://example.org/a.pdf' } },
      { type: 'document', source: { kind: 'file-id', id: 'file-1', dialect: 'openai-responses' } },
      { type: 'audio', source: { kind: 'data', mediaType: 'audio/mpeg', data: 'AAAA' } },
    ]);
  });

  it('reads tool results of several parts', () => {
    const image = { type: 'input_image', image_url: 'data:image/png;base64,AAAA' };
    const { turns } = items(call('a'), {
      type: 'function_call_output',
      call_id: 'a',
      output: [{ type: 'input_text', text: 'see' }, image],
    });
    expect(turns[1]?.parts).toMatchObject([
      { callId: 'a', isError: false, parts: [{ text: 'see' }, { type: 'image' }] },
    ]);
  });

  it('reads custom tools and their calls (R68)', () => {
    const format = { type: 'grammar', syntax: 'lark', definition: 'start: "x"' };
    const { tools, turns, toolChoice } = decode({
      tools: [{ type: 'custom', name: 'apply_patch', description: 'Patches.', format }],
      tool_choice: { type: 'custom', name: 'apply_patch' },
      input: [
        { type: 'custom_tool_call', call_id: 'c', name: 'apply_patch', input: '*** Begin' },
        { type: 'custom_tool_call_output', call_id: 'c', output: 'done' },
      ],
    });
    expect(tools).toEqual([
      {
        kind: 'custom',
        name: 'apply_patch',
        description: 'Patches.',
        native: { dialect: 'openai-responses', value: format },
        path: 'tools[0]',
      },
    ]);
    expect(turns[0]?.parts).toMatchObject([{ kind: 'custom', arguments: '*** Begin' }]);
    expect(toolChoice).toEqual({ mode: 'named', name: 'apply_patch' });
  });

  it('reads tools of namespaces and those that stand among the input, as Codex sends them', () => {
    const sleep = { type: 'function', name: 'sleep', strict: false, parameters: { type: 'object', properties: {} } };
    const { tools } = decode({
      input: [
        {
          type: 'additional_tools',
          id: 'at_1',
          role: 'developer',
          tools: [
            { type: 'namespace', name: 'functions', description: '', tools: [{ type: 'custom', name: 'exec' }] },
            { type: 'namespace', name: 'clock', description: 'Time.', tools: [sleep] },
          ],
        },
        user('hi'),
      ],
      tools: [{ type: 'web_search', external_web_access: true }, { type: 'local_shell' }],
    });
    expect(tools).toMatchObject([
      { kind: 'server', name: 'web_search', native: { dialect: 'openai-responses' } },
      { kind: 'server', name: 'local_shell' },
      { kind: 'custom', name: 'exec', namespace: 'functions' },
      { kind: 'function', name: 'sleep', namespace: 'clock', strict: false, path: 'input[0].tools[1].tools[0]' },
    ]);
  });

  it('takes the first contact of Codex without a field that is lost', () => {
    const request = decode({
      stream: true,
      input: [
        { type: 'message', id: 'msg_1', role: 'developer', content: [{ type: 'input_text', text: 'D' }] },
        user('x'),
      ],
      tools: [{ type: 'function', name: 'exec_command', description: 'Runs.', strict: false, parameters: {} }],
      tool_choice: 'auto',
      parallel_tool_calls: true,
      reasoning: { summary: 'auto' },
      store: false,
      include: ['reasoning.encrypted_content'],
      prompt_cache_key: 'k',
      text: { verbosity: 'low' },
      client_metadata: { thread_id: 't' },
    });
    expect(request).toMatchObject({
      stream: true,
      toolChoice: { mode: 'auto' },
      parallelToolCalls: true,
      reasoning: { summary: 'auto', display: 'summarized' },
      promptCacheKey: 'k',
      verbosity: 'low',
      extra: {},
      answer: { encryptedReasoning: true, echo: { tool_choice: 'auto', text: { verbosity: 'low' } } },
    });
  });

  it('opens envelopes of signatures and drops damaged ones', () => {
    const sealed = (encrypted: string): JsonObject => ({
      type: 'reasoning',
      summary: [],
      encrypted_content: encrypted,
    });
    const { turns } = items(
      sealed(sealSignature(anthropic)),
      sealed('gAAAA-of-openai'),
      sealed('gw1:anthropic:damaged'),
      sealed(sealCarrier('redacted', anthropic)),
    );
    expect(turns[0]?.parts).toMatchObject([
      { type: 'reasoning', text: '', signature: anthropic },
      { type: 'reasoning', signature: { dialect: 'openai-responses', modelGroup: '*', value: 'gAAAA-of-openai' } },
      { type: 'reasoning', redacted: true, signature: anthropic },
    ]);
  });

  it('puts carried signatures back on the call or the text that they sign', () => {
    const gemini = { dialect: 'gemini', modelGroup: 'g3', value: 's' } as const;
    const { turns } = items(
      { type: 'reasoning', summary: [], encrypted_content: sealCarrier('next-call', gemini) },
      call('a'),
      call('b'),
      { role: 'assistant', content: 'text' },
      { type: 'reasoning', summary: [], encrypted_content: sealCarrier('previous-text', gemini) },
    );
    expect(turns).toHaveLength(1);
    expect(turns[0]?.parts).toMatchObject([
      { type: 'tool-call', id: 'a', signature: gemini },
      { type: 'tool-call', id: 'b' },
      { type: 'text', text: 'text', signature: gemini },
    ]);
    expect(turns[0]?.parts[1]).not.toHaveProperty('signature');
  });

  it('keeps what only this dialect knows as it is', () => {
    const search = { type: 'web_search_call', id: 'ws_1', status: 'completed' };
    const { turns } = items(search, { type: 'shell_call_output', call_id: 's', output: [] });
    expect(turns).toMatchObject([
      { role: 'assistant', parts: [{ type: 'opaque', name: 'web_search_call', value: search, path: 'input[0]' }] },
      { role: 'user', parts: [{ type: 'opaque', name: 'shell_call_output' }] },
    ]);
  });

  it('reads parameters, however their numbers are written', () => {
    const body = parseFaithfully(
      '{"model":"m","input":"x","temperature":1.0,"top_p":0.5,"max_output_tokens":100,"top_logprobs":2,"seed":12345678901234567890}',
    ) as JsonObject;
    const request = decodeRequest(body);
    expect(request).toMatchObject({ temperature: 1, topP: 0.5, maxOutputTokens: 100, logprobs: 2 });
    expect(JSON.stringify(request.extra)).toBe('{"seed":12345678901234567890}');
  });

  it('reads the rest of the parameters', () => {
    const schema = { type: 'object', properties: {} };
    expect(
      decode({
        text: { format: { type: 'json_schema', name: 'n', schema, strict: true } },
        reasoning: { effort: 'xhigh', summary: null },
        include: ['message.output_text.logprobs'],
        metadata: { a: 'b' },
        user: 'u',
        service_tier: 'flex',
        store: true,
        background: false,
        previous_response_id: null,
        max_tool_calls: 3,
        truncation: 'disabled',
        tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }, { type: 'mcp' }] },
      }),
    ).toMatchObject({
      output: { kind: 'schema', name: 'n', schema, strict: true },
      reasoning: { effort: 'xhigh' },
      logprobs: 0,
      metadata: { a: 'b' },
      endUser: 'u',
      serviceTier: 'flex',
      extra: { max_tool_calls: 3 },
      toolChoice: { mode: 'auto', allowed: ['f', 'mcp'] },
    });
    expect(decode({ store: true })).not.toHaveProperty('store');
  });

  it.each<[JsonObject, string, string]>([
    [{ input: 'x' }, 'missing_required_parameter', 'model'],
    [{ model: 'm' }, 'missing_required_parameter', 'input'],
    [{ model: 'm', input: 7 }, 'invalid_type', 'input'],
    [{ model: 'm', input: [] }, 'invalid_request', 'input'],
    [{ model: 'm', input: ['x'] }, 'invalid_type', 'input[0]'],
    [{ model: 'm', input: [{}] }, 'missing_required_parameter', 'input[0].type'],
    [{ model: 'm', input: [{ role: 'tool', content: 'x' }] }, 'invalid_request', 'input[0].role'],
    [{ model: 'm', input: [{ role: 'user', content: 5 }] }, 'invalid_type', 'input[0].content'],
    [
      { model: 'm', input: [{ role: 'user', content: [{ type: 'hologram' }] }] },
      'unsupported_content',
      'input[0].content[0]',
    ],
    [
      { model: 'm', input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'data:nonsense' }] }] },
      'invalid_request',
      'input[0].content[0].image_url',
    ],
    [{ model: 'm', input: [{ type: 'function_call', name: 'f' }] }, 'missing_required_parameter', 'input[0].call_id'],
    [{ model: 'm', input: [{ type: 'item_reference', id: 'x' }] }, 'unsupported_parameter', 'input[0]'],
    [{ model: 'm', input: [{ type: 'compaction_trigger' }] }, 'unsupported_parameter', 'input[0]'],
    [{ model: 'm', input: 'x', previous_response_id: 'resp_1' }, 'unsupported_parameter', 'previous_response_id'],
    [{ model: 'm', input: 'x', conversation: 'conv_1' }, 'unsupported_parameter', 'conversation'],
    [{ model: 'm', input: 'x', prompt: { id: 'p' } }, 'unsupported_parameter', 'prompt'],
    [{ model: 'm', input: 'x', background: true }, 'unsupported_parameter', 'background'],
    [{ model: 'm', input: 'x', reasoning: { effort: 'ultra' } }, 'invalid_request', 'reasoning.effort'],
    [{ model: 'm', input: 'x', temperature: '1' }, 'invalid_type', 'temperature'],
    [{ model: 'm', input: 'x', max_output_tokens: 1.5 }, 'invalid_type', 'max_output_tokens'],
    [{ model: 'm', input: 'x', max_output_tokens: 0 }, 'invalid_request', 'max_output_tokens'],
    [{ model: 'm', input: 'x', tools: [{ type: 'function' }] }, 'missing_required_parameter', 'tools[0].name'],
    [{ model: 'm', input: 'x', tool_choice: 'maybe' }, 'invalid_request', 'tool_choice'],
    [{ model: 'm', input: 'x', text: { format: { type: 'xml' } } }, 'invalid_request', 'text.format.type'],
    [{ model: 'm', input: 'x', metadata: { a: 1 } }, 'invalid_type', 'metadata.a'],
  ])('refuses %j with %s at %s', (body, code, param) => {
    expect(refusal(body)).toEqual([code, param, 400]);
  });
});
