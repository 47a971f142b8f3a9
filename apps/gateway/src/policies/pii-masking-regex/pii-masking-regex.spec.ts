import { describe, expect, it } from '@jest/globals';
import type { CanonicalEvent } from '@penstock/dialects';
import fc from 'fast-check';
import { PolicyBench, spoken, textIn } from '../text/testing/policy-bench.ts';
import { splitText } from '../text/testing/split-text.ts';
import { piiMaskingRegex } from './index.ts';

const params = { email: true, customPIIEntities: [{ piiEntity: 'WORD', piiRegex: 'quoted "[a-z]+"' }] };
const chat = (...contents: unknown[]) => ({
  model: 'm',
  messages: contents.map((content) => ({ role: 'user', content })),
});

describe('C pii-masking-regex: requests', () => {
  it('C pii-masking-regex: masks every message, the same value alike', async () => {
    const bench = new PolicyBench(piiMaskingRegex, params);
    const { body, changed } = await bench.request(chat('a@b.de', [{ type: 'text', text: 'c@d.de a@b.de' }]));
    expect([changed, body]).toEqual([true, chat('[EMAIL_1]', [{ type: 'text', text: '[EMAIL_2] [EMAIL_1]' }])]);
    expect((await bench.request(chat('nothing'))).changed).toBe(false);
  });

  it('C pii-masking-regex: masks system, tool calls and results of every dialect, and no names or media', async () => {
    const body = {
      system: [{ type: 'text', text: 's@x.de', cache_control: { type: 'ephemeral' } }],
      instructions: 'i@x.de',
      systemInstruction: { parts: [{ text: 'g@x.de' }] },
      user: 'u@x.de',
      messages: [
        {
          role: 'assistant',
          tool_calls: [{ id: 'a@x.de', function: { name: 'a@x.de', arguments: '{"to":"t@x.de","n":1.0}' } }],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a@x.de', content: 'r@x.de' }] },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'a@x.de', name: 'f', input: { type: 'n@x.de' } }] },
        { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://a@x.de/' } }] },
        { role: 'assistant', content: [{ type: 'thinking', thinking: 'k@x.de', signature: 'a@x.de' }] },
      ],
      input: [{ type: 'function_call_output', call_id: 'a@x.de', output: 'o@x.de' }],
      contents: [{ role: 'user', parts: [{ functionResponse: { name: 'a@x.de', response: { role: 'f@x.de' } } }] }],
    };
    const text = JSON.stringify((await new PolicyBench(piiMaskingRegex, params).request(body)).body);
    expect(text.match(/[a-z]@x/g)?.every((found) => found === 'a@x')).toBe(true);
    expect(text.match(/a@x\.de/g)).toHaveLength(8);
    expect(text).toContain(String.raw`"arguments":"{\"to\":\"[EMAIL_4]\",\"n\":1.0}"`);
  });

  it('C pii-masking-regex: never gives out what the request already has', async () => {
    const { body } = await new PolicyBench(piiMaskingRegex, params).request(chat('a@b.de', 'is [EMAIL_1] yours?'));
    expect(body).toEqual(chat('[EMAIL_2]', 'is [EMAIL_1] yours?'));
  });

  it('C pii-masking-regex: masks only what a path names, and everything where that is nothing', async () => {
    const bench = new PolicyBench(piiMaskingRegex, { ...params, jsonPath: '$.messages[-1].content' });
    expect((await bench.request(chat('a@b.de', 'c@d.de'))).body).toEqual(chat('a@b.de', '[EMAIL_1]'));
    expect((await bench.request({ input: 'a@b.de' })).body).toEqual({ input: '[EMAIL_1]' });
  });

  it('C pii-masking-regex: redactPII takes it out for good', async () => {
    const bench = new PolicyBench(piiMaskingRegex, { ...params, redactPII: true });
    expect((await bench.request(chat('a@b.de, c@d.de'))).body).toEqual(chat('*****, *****'));
    expect(Object.keys(bench.policy)).toEqual(['name', 'onBody']);
  });

  it('C pii-masking-regex: takes entities as JSON text and by their former name', async () => {
    const piiEntities = JSON.stringify([{ piiEntity: 'CASE', piiRegex: 'case-\\d+' }]);
    const { body } = await new PolicyBench(piiMaskingRegex, { piiEntities }).request(chat('case-7'));
    expect(body).toEqual(chat('[CASE_1]'));
    expect(piiMaskingRegex.definition.params.safeParse({ piiEntities: [] }).success).toBe(false);
  });
});

describe('C pii-masking-regex: answers', () => {
  const masked = async () => {
    const bench = new PolicyBench(piiMaskingRegex, params);
    await bench.request(chat('a@b.de', 'quoted "x"'));
    return bench;
  };

  it('C pii-masking-regex: puts values back into whole answers of every dialect', async () => {
    const bench = await masked();
    const said = 'to [EMAIL_1], not [EMAIL_2]';
    expect(bench.answer({ choices: [{ message: { content: said } }] })).toEqual({
      choices: [{ message: { content: 'to a@b.de, not [EMAIL_2]' } }],
    });
    const call = { function: { name: 'f', arguments: '{"q":"[WORD_1]"}' } };
    expect(bench.answer({ choices: [{ message: { tool_calls: [call] } }] })).toEqual({
      choices: [
        { message: { tool_calls: [{ function: { name: 'f', arguments: String.raw`{"q":"quoted \"x\""}` } }] } },
      ],
    });
    const content = [
      { type: 'text', text: '[EMAIL_1]' },
      { type: 'tool_use', input: { q: ['[WORD_1]'] } },
    ];
    expect(bench.answer({ content })).toEqual({
      content: [
        { type: 'text', text: 'a@b.de' },
        { type: 'tool_use', input: { q: ['quoted "x"'] } },
      ],
    });
  });

  it('C pii-masking-regex: a split stream says the same as the whole, in text and in arguments', async () => {
    const bench = await masked();
    const parts = fc.array(
      fc.constantFrom('[EMAIL_1]', '[WORD_1]', '[', 'EMAIL_1]', '[EMAIL_', '1', ']', 'x ', '[EMAIL_12]'),
    );
    fc.assert(
      fc.property(parts, fc.array(fc.nat()), (said, places) => {
        const text = said.join('');
        const pieces = splitText(text, places);
        const restored = text.replaceAll('[EMAIL_1]', 'a@b.de');
        const plain = bench.stream(spoken(...pieces));
        expect(textIn(plain.events)).toBe(restored.replaceAll('[WORD_1]', 'quoted "x"'));
        const call: CanonicalEvent[] = [
          { type: 'tool-call-start', key: 'c', id: '1', name: 'f', kind: 'function' },
          ...pieces.map((piece): CanonicalEvent => ({ type: 'tool-call-arguments', key: 'c', text: piece })),
          { type: 'tool-call-end', key: 'c' },
        ];
        const called = bench.stream(call);
        const quoted = String.raw`quoted \"x\"`;
        expect(textIn(called.events, 'tool-call-arguments')).toBe(restored.replaceAll('[WORD_1]', quoted));
        expect(called.events.at(-1)?.type).toBe('tool-call-end');
      }),
    );
  });

  it('C pii-masking-regex: keeps calls that are told side by side apart, and ends text before what follows it', async () => {
    const bench = await masked();
    const piece = (key: string, text: string): CanonicalEvent => ({ type: 'tool-call-arguments', key, text });
    const start = (key: string): CanonicalEvent => ({
      type: 'tool-call-start',
      key,
      id: key,
      name: 'f',
      kind: 'function',
    });
    const { events } = bench.stream([
      { type: 'text', key: 't', text: 'see [EM' },
      start('a'),
      start('b'),
      piece('a', '[EMA'),
      piece('b', '[EMAIL_'),
      piece('a', 'IL_1]'),
      piece('b', '1]'),
      { type: 'finish', finish: { reason: 'tool-calls' } },
    ] as CanonicalEvent[]);
    expect(events.slice(0, 2)).toEqual([
      { type: 'text', key: 't', text: 'see ' },
      { type: 'text', key: 't', text: '[EM' },
    ]);
    expect(events.filter((event) => 'key' in event && event.key === 'b').at(-1)).toMatchObject({ text: 'a@b.de' });
    expect(textIn(events, 'tool-call-arguments')).toBe('a@b.dea@b.de');
  });

  it('C pii-masking-regex: follows no stream when nothing was masked', async () => {
    const bench = new PolicyBench(piiMaskingRegex, params);
    await bench.request(chat('nothing'));
    const events = spoken('[EMAIL_1', ']');
    expect(bench.stream(events).events).toBe(events);
  });
});
