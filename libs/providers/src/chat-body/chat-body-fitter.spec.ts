import { describe, expect, it } from '@jest/globals';
import type { ModelProfileOverrides } from '@penstock/contracts';
import {
  CHAT_RULES,
  type JsonObject,
  parseFaithfully,
  resolveModelProfile,
  scanRequest,
  Warnings,
} from '@penstock/dialects';
import fc from 'fast-check';
import type { BodyCall } from '../provider-adapter.ts';
import { chatBodyFitter } from './chat-body-fitter.ts';
import { restrictionReader } from './chat-restrictions.ts';

const all = chatBodyFitter(restrictionReader('all'));
const beyond = chatBodyFitter(restrictionReader('beyond-defaults'));
const call = (profile: ModelProfileOverrides): BodyCall => ({
  operation: 'chat',
  dialect: 'openai-chat',
  upstreamModel: 'm',
  profile: resolveModelProfile('openai-chat', profile),
  stream: false,
});
const request = (fields: string) => Buffer.from(`{"model":"m","messages":[{"role":"user","content":"x"}]${fields}}`);

function fit(fitter: typeof all, profile: ModelProfileOverrides, fields: string) {
  const body = request(fields);
  const asked = call(profile);
  const warnings = new Warnings('lenient');
  const needed = fitter.needsAdjustment(scanRequest(body, CHAT_RULES), body, asked);
  const parsed = parseFaithfully(body.toString()) as JsonObject;
  const { model: _, messages: __, ...rest } = fitter.adjustBody(parsed, asked, warnings);
  return { needed, rest: JSON.stringify(rest), warnings: warnings.header() };
}
const thinker: ModelProfileOverrides = {
  maxTokensField: 'max_completion_tokens',
  parameters: { temperature: 'drop', choices: 'refuse', topK: 'drop' },
  efforts: ['low', 'high'],
  maxOutputTokens: 100,
};

describe('chatBodyFitter', () => {
  it.each([
    [',"max_tokens":5', '{"max_completion_tokens":5}', null],
    [',"max_tokens":5,"max_completion_tokens":6', '{"max_completion_tokens":6}', null],
    [',"max_completion_tokens":500', '{"max_completion_tokens":100}', 'clamped:max_completion_tokens'],
    [',"temperature":0.5', '{}', 'dropped:temperature'],
    [',"temperature":1.0', '{}', null],
    [',"temperature":null', '{}', null],
    [',"n":1', '{}', null],
    [',"reasoning_effort":"max"', '{"reasoning_effort":"high"}', 'converted:reasoning_effort'],
    [',"reasoning_effort":"medium"', '{"reasoning_effort":"low"}', 'converted:reasoning_effort'],
    [',"reasoning_effort":"ultra"', '{"reasoning_effort":"ultra"}', null],
  ])('fits %s', (fields, rest, warnings) => {
    expect(fit(all, thinker, fields)).toEqual({ needed: true, rest, warnings });
  });

  it('refuses what cannot be left out', () => {
    expect(() => fit(all, thinker, ',"n":2')).toThrow(
      expect.objectContaining({ code: 'unsupported_parameter', param: 'n' }),
    );
  });

  it('refuses the first loss on a strict proxy', () => {
    expect(() => all.adjustBody({ temperature: 0.5 }, call(thinker), new Warnings('strict'))).toThrow(
      expect.objectContaining({ code: 'unsupported_parameter', param: 'temperature' }),
    );
  });

  it.each([',"max_completion_tokens":50', ',"stream":true', ',"seed":12345678901234567890'])(
    'leaves a request with %s as it is, unparsed',
    (fields) => {
      expect(fit(all, thinker, fields)).toMatchObject({ needed: false, rest: `{${fields.slice(1)}}`, warnings: null });
    },
  );

  it('lets only one of temperature and top-p stand where the model wants it so', () => {
    const profile = { temperatureWithTopP: false };
    expect(fit(all, profile, ',"temperature":0.5,"top_p":0.5')).toEqual({
      needed: true,
      rest: '{"temperature":0.5}',
      warnings: 'dropped:top_p',
    });
    expect(fit(all, profile, ',"top_p":0.5').needed).toBe(false);
  });

  it("takes the dialect's defaults for a caution of translated requests where servers differ", () => {
    const fields = ',"top_k":5,"reasoning_effort":"max"';
    expect(fit(all, {}, fields).rest).toBe('{"reasoning_effort":"high"}');
    expect(fit(beyond, {}, fields)).toMatchObject({ needed: false, rest: `{${fields.slice(1)}}` });
    expect(fit(beyond, { parameters: { temperature: 'drop' } }, ',"temperature":0.5').rest).toBe('{}');
  });

  it('changes nothing that it has fitted before, and needs no adjustment then', () => {
    const field = fc.record(
      {
        temperature: fc.constantFrom(0, 0.5, 1, 2, null),
        top_p: fc.constantFrom(0.5, 1),
        top_k: fc.constantFrom(1, 5),
        max_tokens: fc.constantFrom(1, 500),
        max_completion_tokens: fc.constantFrom(1, 500),
        reasoning_effort: fc.constantFrom('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max', 'odd'),
        n: fc.constantFrom(1),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(field, (fields) => {
        const body = { model: 'm', messages: [{ role: 'user', content: 'x' }], ...fields };
        const once = all.adjustBody(body, call(thinker), new Warnings('lenient'));
        expect(all.adjustBody(once, call(thinker), new Warnings('strict'))).toEqual(once);
        const bytes = Buffer.from(JSON.stringify(once));
        const facts = scanRequest(bytes, CHAT_RULES);
        const again = all.needsAdjustment(facts, bytes, call(thinker));
        expect(again).toBe(fields.reasoning_effort !== undefined && once['reasoning_effort'] !== undefined);
      }),
    );
  });
});
