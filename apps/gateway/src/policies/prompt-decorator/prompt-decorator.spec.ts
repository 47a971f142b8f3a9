import { describe, expect, it } from '@jest/globals';
import { PolicyBench } from '../text/testing/policy-bench.ts';
import { promptDecorator } from './index.ts';

const user = (content: unknown) => ({ role: 'user', content });
const system = { role: 'system', content: 'Be kind.' };
const shot = { role: 'assistant', content: 'Yes.' };
const decorate = async (config: unknown, body: object, more: object = {}, dialect = 'openai-chat') => {
  const bench = new PolicyBench(promptDecorator, { promptDecoratorConfig: config, ...more }, dialect);
  const { body: sent, answer, changed } = await bench.request(body);
  expect(changed).toBe(answer === undefined);
  return answer ?? sent;
};

describe('C prompt-decorator: text', () => {
  it.each([
    ['as JSON text', '{"decoration":"Sum up:"}'],
    ['as an object', { decoration: 'Sum up:' }],
    ['by the name text', { text: 'Sum up:' }],
  ])('C prompt-decorator: goes before the newest message; %s', async (_name, config) => {
    const body = { messages: [user('a'), user('b')] };
    expect(await decorate(config, body)).toEqual({ messages: [user('a'), user('Sum up: b')] });
  });

  it('C prompt-decorator: goes behind it with append, and to where a path says', async () => {
    const config = { text: 'Thanks.' };
    const body = {
      messages: [
        user('a'),
        user([
          { type: 'text', text: 'b' },
          { type: 'text', text: 'c' },
        ]),
      ],
    };
    expect(await decorate(config, body, { append: true })).toEqual({
      messages: [
        user('a'),
        user([
          { type: 'text', text: 'b' },
          { type: 'text', text: 'c Thanks.' },
        ]),
      ],
    });
    expect(await decorate(config, body, { append: true, jsonPath: '$.messages[0].content' })).toMatchObject({
      messages: [user('a Thanks.'), {}],
    });
    const parts = await decorate(config, body, { jsonPath: '$.messages[1].content' });
    expect(parts).toMatchObject({ messages: [{}, user([{ text: 'Thanks. b' }, { text: 'c' }])] });
  });

  it.each([
    ['Responses', { input: 'a' }, { input: 'T a' }],
    ['Gemini', { contents: [{ parts: [{ text: 'a' }] }] }, { contents: [{ parts: [{ text: 'T a' }] }] }],
    ['completions', { prompt: 'a' }, { prompt: 'T a' }],
  ])('C prompt-decorator: finds the newest message of %s', async (_name, body, sent) => {
    expect(await decorate({ text: 'T' }, body)).toEqual(sent);
  });
});

describe('C prompt-decorator: messages', () => {
  const config = { messages: [system, shot] };

  it('C prompt-decorator: go before the conversation, or behind it', async () => {
    const body = { messages: [user('a')] };
    expect(await decorate(config, body)).toEqual({ messages: [system, shot, user('a')] });
    expect(await decorate({ decoration: [shot] }, body, { jsonPath: '$.messages', append: true })).toEqual({
      messages: [user('a'), shot],
    });
    expect(await decorate(config, body, { jsonPath: '$.messages[0].content' })).toEqual({
      messages: [user('Be kind.\nYes. a')],
    });
  });

  it.each([
    ['none', undefined, 'Be kind.'],
    ['a text', 'Old.', 'Be kind.\n\nOld.'],
    [
      'blocks',
      [{ type: 'text', text: 'Old.' }],
      [
        { type: 'text', text: 'Be kind.' },
        { type: 'text', text: 'Old.' },
      ],
    ],
  ])('C prompt-decorator: Anthropic has the system by itself; before it %s', async (_name, present, sent) => {
    const body = { messages: [user('a')], ...(present !== undefined && { system: present }) };
    expect(await decorate(config, body, {}, 'anthropic')).toEqual({ messages: [shot, user('a')], system: sent });
  });

  it('C prompt-decorator: Responses has it in instructions', async () => {
    expect(await decorate(config, { input: 'a', instructions: 'Old.' }, { append: true }, 'openai-responses')).toEqual({
      input: [user('a'), shot],
      instructions: 'Old.\n\nBe kind.',
    });
  });

  it('C prompt-decorator: Gemini has it in systemInstruction', async () => {
    expect(await decorate(config, { contents: [{ role: 'user', parts: [{ text: 'a' }] }] }, {}, 'gemini')).toEqual({
      systemInstruction: { parts: [{ text: 'Be kind.' }] },
      contents: [
        { role: 'model', parts: [{ text: 'Yes.' }] },
        { role: 'user', parts: [{ text: 'a' }] },
      ],
    });
  });
});

describe('C prompt-decorator: errors', () => {
  it.each([
    ['a path that is not there', { text: 'T' }, { jsonPath: '$.nowhere' }, 'Error extracting value from JSONPath'],
    ['no conversation', { messages: [system] }, {}, 'Error extracting value from JSONPath'],
    ['nothing said', { text: 'T' }, {}, 'Error extracting value from JSONPath'],
    ['a number', { text: 'T' }, { jsonPath: '$.n' }, 'Extracted value must be a string or an array of message objects'],
  ])('C prompt-decorator: %s', async (_name, config, more, message) => {
    expect(await decorate(config, { n: 1 }, more)).toEqual({
      status: 500,
      body: { type: 'PROMPT_DECORATOR_ERROR', message },
    });
  });

  it('C prompt-decorator: a text for a list of messages', async () => {
    const answer = await decorate({ text: 'T' }, { messages: [user('a')] }, { jsonPath: '$.messages' });
    expect(answer).toMatchObject({ status: 500, body: { type: 'PROMPT_DECORATOR_ERROR' } });
  });

  it.each([[{}], ['{'], [{ decoration: ' ' }], [{ decoration: [] }], [{ messages: [{ role: 'user', content: '' }] }]])(
    'C prompt-decorator: %j is no config',
    (promptDecoratorConfig) => {
      expect(promptDecorator.definition.params.safeParse({ promptDecoratorConfig }).success).toBe(false);
    },
  );
});
