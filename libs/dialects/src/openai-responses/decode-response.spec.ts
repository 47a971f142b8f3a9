import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../canonical/json.ts';
import { UpstreamFaultError } from '../canonical/upstream-fault-error.ts';
import { decodeResponse } from './decode-response.ts';

const origin = { dialect: 'openai-responses', modelGroup: 'gpt-5' } as const;
const decode = (body: JsonObject) => decodeResponse(body, { origin, createId: () => 'made12345' });
const response = (output: readonly JsonObject[], extra: JsonObject = {}): JsonObject => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1763474589,
  model: 'gpt-5-2025',
  status: 'completed',
  error: null,
  output,
  usage: { input_tokens: 3, output_tokens: 2 },
  ...extra,
});
const message = (...content: readonly JsonObject[]): JsonObject => ({ type: 'message', role: 'assistant', content });
const call = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'f', arguments: '{}' };

describe('decodeResponse of the Responses API', () => {
  it('reads reasoning, text and calls in order (N14)', () => {
    expect(
      decode(
        response(
          [
            { type: 'reasoning', summary: [{ text: 'a' }, { text: 'b' }], encrypted_content: 'enc' },
            message({ type: 'output_text', text: 'Hi', annotations: [] }),
            { ...call, namespace: 'clock' },
            { type: 'custom_tool_call', call_id: 'c2', name: 'x', input: 'raw' },
          ],
          { service_tier: 'flex' },
        ),
      ),
    ).toEqual({
      id: 'resp_1',
      model: 'gpt-5-2025',
      created: 1763474589,
      serviceTier: 'flex',
      usage: { inputUncached: 3, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 2 },
      choices: [
        {
          finish: { reason: 'tool-calls' },
          parts: [
            { type: 'reasoning', text: 'a\n\nb', signature: { ...origin, value: 'enc' } },
            { type: 'text', text: 'Hi' },
            { type: 'tool-call', id: 'call_1', name: 'f', arguments: '{}', kind: 'function', namespace: 'clock' },
            { type: 'tool-call', id: 'c2', name: 'x', arguments: 'raw', kind: 'custom' },
          ],
        },
      ],
    });
  });

  it('reads citations in the whole text, token probabilities, refusals and hosted tools', () => {
    const annotation = { type: 'url_citation', url: 'u', title: 't', start_index: 0, end_index: 2 };
    const logprobs = [{ token: 'Hi', logprob: -0.1, bytes: [72, 105], top_logprobs: [] }];
    const { choices } = decode(
      response([
        { type: 'web_search_call', id: 'ws' },
        message(
          { type: 'output_text', text: 'Hi', logprobs },
          { type: 'output_text', text: 'yo', annotations: [annotation] },
        ),
        message({ type: 'refusal', refusal: 'No.' }),
      ]),
    );
    expect(choices[0]).toMatchObject({
      finish: { reason: 'refusal' },
      logprobs: { content: logprobs, refusal: null },
      parts: [
        { type: 'opaque', name: 'web_search_call' },
        { text: 'Hi' },
        { text: 'yo', citations: [{ url: 'u', startIndex: 2, endIndex: 4 }] },
        { type: 'refusal', text: 'No.' },
      ],
    });
  });

  it('expands the wrapper of parallel calls', () => {
    const use = (name: string) => ({ recipient_name: `functions.${name}`, parameters: {} });
    const wrapper = { ...call, name: 'parallel', arguments: JSON.stringify({ tool_uses: [use('a'), use('b')] }) };
    expect(decode(response([wrapper])).choices[0]?.parts).toMatchObject([
      { id: 'call_1_0', name: 'a', arguments: '{}' },
      { id: 'call_1_1', name: 'b' },
    ]);
  });

  it.each([
    ['max_output_tokens', 'length'],
    ['content_filter', 'content-filter'],
  ])('takes an answer that is incomplete for %s for %s, be there calls or not', (reason, expected) => {
    const body = response([call], { status: 'incomplete', incomplete_details: { reason } });
    expect(decode(body).choices[0]?.finish).toEqual({ reason: expected });
  });

  it('has no usage where none is told', () => {
    expect(decode(response([], { usage: null })).usage).toBeNull();
    expect(decode(response([], { usage: { input_tokens: -1, output_tokens: 2 } })).usage).toBeNull();
  });

  it.each<[string, JsonObject, string]>([
    ['an error in a 200', { error: { message: 'm', code: 'insufficient_quota' } }, 'quota'],
    [
      'a response that failed',
      response([], { status: 'failed', error: { code: 'server_error', message: 'm' } }),
      'upstream',
    ],
    ['a response that is not ready', response([], { status: 'queued' }), 'upstream'],
    ['an answer of another dialect', { choices: [] }, 'upstream'],
  ])('reports %s', (_name, body, fault) => {
    expect(() => decode(body)).toThrow(UpstreamFaultError);
    expect(() => decode(body)).toThrow(
      expect.objectContaining({ fault: expect.objectContaining({ fault }) as unknown }),
    );
  });
});
