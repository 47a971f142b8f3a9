import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../canonical/json.ts';
import { UpstreamFaultError } from '../canonical/upstream-fault-error.ts';
import { parseFaithfully } from '../json/parse-faithfully.ts';
import { decodeResponse } from './decode-response.ts';
import { readGeminiUsage } from './read-usage.ts';

const context = { origin: { dialect: 'gemini', modelGroup: 'g' }, createId: () => 'abcdefgh1' } as const;
const decode = (body: object) => decodeResponse(parseFaithfully(JSON.stringify(body)) as JsonObject, context);
const answer = (parts: readonly object[], finishReason = 'STOP', extra: object = {}) => ({
  candidates: [{ content: { role: 'model', parts }, finishReason, ...extra }],
});
const signature = { dialect: 'gemini', modelGroup: 'g', value: 'S' };

describe("Gemini's answer", () => {
  it('with a call finishes with calls, though it says STOP, and the call has an id', () => {
    const body = {
      ...answer([{ functionCall: { name: 'f', args: { a: 1 } }, thoughtSignature: 'S' }]),
      responseId: 'r',
      modelVersion: 'm',
    };
    expect(decode(body)).toEqual({
      id: 'r',
      model: 'm',
      choices: [
        {
          parts: [{ type: 'tool-call', id: 'abcdefgh1', name: 'f', arguments: '{"a":1}', kind: 'function', signature }],
          finish: { reason: 'tool-calls' },
        },
      ],
      usage: null,
    });
  });

  it('joins pieces of text and of thoughts, and keeps both signed', () => {
    const parts = [
      { text: 'th', thought: true },
      { text: 'ink', thought: true, thoughtSignature: 'S' },
      { text: 'a' },
      { text: 'b' },
      { text: '', thoughtSignature: 'S' },
    ];
    expect(decode(answer(parts)).choices[0]?.parts).toEqual([
      { type: 'reasoning', text: 'think', signature },
      { type: 'text', text: 'ab', signature },
    ]);
  });

  it('counts cached tokens within the prompt and thoughts beside the candidates', () => {
    const usageMetadata = {
      promptTokenCount: 100,
      cachedContentTokenCount: 60,
      toolUsePromptTokenCount: 5,
      candidatesTokenCount: 15,
      thoughtsTokenCount: 804,
      totalTokenCount: 924,
      promptTokensDetails: [
        { modality: 'AUDIO', tokenCount: 7 },
        { modality: 'TEXT', tokenCount: 93 },
      ],
      serviceTier: 'standard',
    };
    const body = { ...answer([{ text: 'a' }]), usageMetadata };
    expect(decode(body)).toMatchObject({
      usage: {
        inputUncached: 45,
        cacheRead: 60,
        cacheWrite5m: 0,
        cacheWrite1h: 0,
        output: 819,
        reasoning: 804,
        audioInput: 7,
      },
      serviceTier: 'default',
    });
    expect(readGeminiUsage(Buffer.from(JSON.stringify(body)))).toEqual({
      inputTokens: 105,
      outputTokens: 819,
      cachedInputTokens: 60,
      reasoningTokens: 804,
      audioInputTokens: 7,
    });
  });

  it('counts audio and images by modality, without those from the cache', () => {
    const usageMetadata = {
      promptTokenCount: 1600,
      cachedContentTokenCount: 400,
      candidatesTokenCount: 1310,
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 10 },
        { modality: 'IMAGE', tokenCount: 1290 },
        { modality: 'AUDIO', tokenCount: 300 },
      ],
      cacheTokensDetails: [
        { modality: 'IMAGE', tokenCount: 258 },
        { modality: 'AUDIO', tokenCount: 142 },
      ],
      candidatesTokensDetails: [
        { modality: 'IMAGE', tokenCount: 1290 },
        { modality: 'TEXT', tokenCount: 20 },
      ],
    };
    expect(readGeminiUsage(Buffer.from(JSON.stringify({ ...answer([{ text: 'a' }]), usageMetadata })))).toEqual({
      inputTokens: 1600,
      outputTokens: 1310,
      cachedInputTokens: 400,
      reasoningTokens: 0,
      audioInputTokens: 158,
      imageInputTokens: 1032,
      imageOutputTokens: 1290,
    });
  });

  it.each(['', '[]', '{}', '{"usageMetadata":{"promptTokenCount":-1}}', '{"usageMetadata":{"trafficType":"X"}}'])(
    'tells no usage in %j',
    (text) => expect(readGeminiUsage(Buffer.from(text))).toBeNull(),
  );

  it.each([
    ['STOP', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['SAFETY', 'content-filter'],
    ['RECITATION', 'content-filter'],
    ['IMAGE_SAFETY', 'content-filter'],
    ['OTHER', 'malformed'],
    ['SOMETHING_NEW', 'malformed'],
  ])('of finish reason %s ends with %s', (finishReason, reason) => {
    expect(decode(answer([{ text: 'a' }], finishReason)).choices[0]?.finish).toEqual({ reason });
  });

  it('stays cut off when it was, though it has calls', () => {
    expect(decode(answer([{ functionCall: { name: 'f' } }], 'MAX_TOKENS')).choices[0]?.finish.reason).toBe('length');
  });

  it('may be filtered away altogether, with its usage kept', () => {
    const body = { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 3 } };
    expect(decode(body)).toMatchObject({
      choices: [{ parts: [], finish: { reason: 'content-filter', explanation: 'SAFETY' } }],
      usage: { inputUncached: 3, output: 0 },
    });
    expect(decode(answer([], 'SAFETY')).choices[0]).toEqual({ parts: [], finish: { reason: 'content-filter' } });
  });

  it.each([
    ['no candidate', {}],
    ['nothing usable', answer([], 'MALFORMED_FUNCTION_CALL')],
    ['no finish reason and no content', { candidates: [{}] }],
    ['an error', { error: { code: 500, message: 'm', status: 'INTERNAL' } }],
    ['an error within a list', [{ error: { code: 500, message: 'm' } }]],
  ])('is a fault with %s', (_, body) => {
    expect(() => decode(body)).toThrow(UpstreamFaultError);
  });

  it('is several choices when several were asked for', () => {
    const body = { candidates: ['a', 'b'].map((text) => ({ content: { parts: [{ text }] }, finishReason: 'STOP' })) };
    expect(decode(body).choices.map(({ parts }) => parts)).toEqual([
      [{ type: 'text', text: 'a' }],
      [{ type: 'text', text: 'b' }],
    ]);
  });

  it('tells probabilities in the shape of Chat', () => {
    const logprobsResult = {
      chosenCandidates: [{ token: 'é', logProbability: -0.5 }],
      topCandidates: [
        {
          candidates: [
            { token: 'é', logProbability: -0.5 },
            { token: 'e', logProbability: -1.0 },
          ],
        },
      ],
    };
    expect(decode(answer([{ text: 'é' }], 'STOP', { logprobsResult })).choices[0]?.logprobs).toEqual({
      content: [
        {
          token: 'é',
          logprob: -0.5,
          bytes: [195, 169],
          top_logprobs: [
            { token: 'é', logprob: -0.5, bytes: [195, 169] },
            { token: 'e', logprob: -1, bytes: [101] },
          ],
        },
      ],
      refusal: null,
    });
  });

  it('shows images and code in words that any client renders', () => {
    const parts = [
      { inlineData: { mimeType: 'image/png', data: 'AA==' } },
      { executableCode: { language: 'PYTHON', code: 'print(1)\n' } },
      { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1\n' } },
    ];
    expect(decode(answer(parts)).choices[0]?.parts).toEqual([
      { type: 'text', text: '![image](data:image/png;base64,AA==)\n```python\nprint(1)\n```\n\n```\n1\n```\n' },
    ]);
  });
});
