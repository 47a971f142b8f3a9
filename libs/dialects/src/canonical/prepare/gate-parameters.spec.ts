import { describe, expect, it } from '@jest/globals';
import type { CanonicalRequest } from '../canonical-request.ts';
import { gateParameters } from './gate-parameters.ts';
import { contextOf, requestOf } from './testing/prepare-fixture.test.ts';

const header = (fields: Partial<CanonicalRequest>, upstream: Parameters<typeof contextOf>[0]) => {
  const context = contextOf(upstream);
  const gated = gateParameters(requestOf(fields), context);
  return { gated, header: context.warnings.header() };
};

describe('the gate of parameters', () => {
  it('leaves out what the model has not and reports it by the name that the caller used', () => {
    const fields = { seed: 1, logitBias: { '1': 2 }, serviceTier: 'flex', verbosity: 'low' };
    const { gated, header: warnings } = header(fields, 'anthropic');
    expect(gated).toEqual(requestOf({ serviceTier: 'flex' }));
    expect(warnings).toBe('dropped:seed, dropped:logit_bias, dropped:verbosity');
  });

  it('speaks to a Messages caller in the words of Messages', () => {
    expect(header({ dialect: 'anthropic', stop: ['END'] }, 'openai-responses').header).toBe('dropped:stop_sequences');
  });

  it.each([
    { choices: 1 },
    { temperature: 1, topP: 1 },
    { stop: [] },
    { store: false },
    { parallelToolCalls: true },
    { frequencyPenalty: 0, presencePenalty: 0 },
    { metadata: {}, logitBias: {} },
    { audioOutput: null, webSearch: null, prediction: null, seed: null },
    { reasoning: { effort: 'none' as const } },
    { parallelToolCalls: false, answer: { legacyFunctions: true } },
  ])('leaves out %j without a word, which asks for nothing special', (fields) => {
    const context = contextOf('anthropic', {
      parameters: {
        temperature: 'refuse',
        topP: 'refuse',
        stop: 'refuse',
        parallelToolCalls: 'refuse',
        reasoning: 'refuse',
      },
    });
    expect(gateParameters(requestOf(fields), context)).toEqual(requestOf({ answer: requestOf(fields).answer }));
    expect(context.warnings.header()).toBeNull();
  });

  it.each([
    [{ choices: 2 }, 'n'],
    [{ audioOutput: { modalities: ['text', 'audio'] } }, 'modalities'],
    [{ webSearch: {} }, 'web_search_options'],
  ])('refuses %j, which would be another request without it', (fields, param) => {
    expect(() => gateParameters(requestOf(fields), contextOf('anthropic'))).toThrow(
      expect.objectContaining({ code: 'unsupported_parameter', param }),
    );
  });

  it('refuses on a strict proxy what it would leave out', () => {
    expect(() => gateParameters(requestOf({ seed: 1 }), contextOf('anthropic', {}, 'strict'))).toThrow(
      expect.objectContaining({ code: 'unsupported_parameter', param: 'seed' }),
    );
  });

  it('lets pass what the profile says nothing of', () => {
    const context = contextOf('openai-chat');
    const profile = { ...context.profile, parameters: {} };
    expect(gateParameters(requestOf({ topK: 3 }), { ...context, profile })).toEqual(requestOf({ topK: 3 }));
  });
});
