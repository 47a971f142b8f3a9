import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { contentLengthGuardrail } from '../content-length-guardrail/index.ts';
import type { PolicyFactory } from '../policy-factory.ts';
import { sentenceCountGuardrail } from '../sentence-count-guardrail/index.ts';
import { PolicyBench, spoken, textIn } from '../text/testing/policy-bench.ts';
import { splitText } from '../text/testing/split-text.ts';
import { wordCountGuardrail } from '../word-count-guardrail/index.ts';

const chat = (content: string) => ({
  messages: [
    { role: 'user', content: 'Before. Before!' },
    { role: 'user', content },
  ],
});
type Names = readonly [type: string, guardrail: string, reason: string];
const refusal = ([type, guardrail, reason]: Names, more = {}) => ({
  status: 422,
  body: {
    type,
    message: {
      action: 'GUARDRAIL_INTERVENED',
      interveningGuardrail: guardrail,
      actionReason: reason,
      direction: 'REQUEST',
      ...more,
    },
  },
});

const WORDS = [
  'WORD_COUNT_GUARDRAIL',
  'word-count-guardrail',
  'Violation of applied word count constraints detected.',
] as const;
const SENTENCES = [
  'SENTENCE_COUNT_GUARDRAIL',
  'sentence-count-guardrail',
  'Violation of applied sentence count constraints detected',
] as const;
const BYTES = [
  'CONTENT_LENGTH_GUARDRAIL',
  'content-length-guardrail',
  'Violation of applied content length constraints detected.',
] as const;

interface Row {
  readonly factory: PolicyFactory;
  readonly names: Names;
  readonly ok: string;
  readonly few: string;
  readonly many: string;
}

describe.each<Row>([
  { factory: wordCountGuardrail, names: WORDS, ok: ' "two words" ', few: 'one', many: 'one two three four' },
  { factory: sentenceCountGuardrail, names: SENTENCES, ok: 'One. Two', few: 'One...', many: 'a. b! c? d' },
  { factory: contentLengthGuardrail, names: BYTES, ok: '  é ', few: '"a"', many: 'éé' },
])('C $names.1', ({ factory, names, ok, few, many }) => {
  const range = { min: 2, max: 3 };

  it(`C ${names[1]}: refuses the newest message with too few or too many`, async () => {
    const bench = new PolicyBench(factory, { request: range });
    expect((await bench.request(chat(ok))).answer).toBeUndefined();
    expect((await bench.request(chat(few))).answer).toEqual(refusal(names));
    expect((await bench.request(chat(many))).answer).toEqual(refusal(names));
  });

  it(`C ${names[1]}: with invert refuses what is in the range`, async () => {
    const bench = new PolicyBench(factory, { request: { ...range, invert: true, showAssessment: true } });
    expect((await bench.request(chat(few))).answer).toBeUndefined();
    expect((await bench.request(chat(many))).answer).toBeUndefined();
    const assessments = expect.stringMatching(/^Violation of .* to be outside the range of 2 to 3 /);
    expect((await bench.request(chat(ok))).answer).toEqual(refusal(names, { assessments }));
  });

  it(`C ${names[1]}: ends a stream at the maximum, and at its end for the minimum`, () => {
    const bench = new PolicyBench(factory, { response: range });
    const tooMany = bench.stream(spoken(ok, ' x. ', ' y. ', ' z. '));
    expect([tooMany.error, textIn(tooMany.events)]).toEqual([names[2], expect.not.stringContaining('z')]);
    const tooFew = bench.stream(spoken(few));
    expect([tooFew.error, textIn(tooFew.events)]).toEqual([names[2], few]);
    expect(tooFew.events.some(({ type }) => type === 'finish' || type === 'end')).toBe(false);
    expect(bench.stream(spoken(ok))).toEqual({ events: spoken(ok), error: null });
  });

  it(`C ${names[1]}: comes to the same verdict however a text is split`, async () => {
    const bench = new PolicyBench(factory, { request: { min: 3, max: 6 }, response: { min: 3, max: 6 } });
    const text = fc.array(fc.constantFrom('a', ' ', '"', '.', '! ', 'é', '😀', 'ab cd. ', '\n'), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat()), async (parts, places) => {
        const whole = parts.join('');
        if (whole === '') return;
        const { error } = bench.stream(spoken(...splitText(whole, places)));
        const { answer } = await bench.request(chat(whole));
        expect(error === null).toBe(answer === undefined);
      }),
      { numRuns: 200 },
    );
  });

  it(`C ${names[1]}: must have its minimum below its maximum`, () => {
    expect(factory.definition.params.safeParse({ request: { min: 5, max: 2 } }).success).toBe(false);
  });
});
