import { describe, expect, it } from '@jest/globals';
import { PolicyBench } from '../text/testing/policy-bench.ts';
import { promptTemplate } from './index.ts';

const templates = [
  { name: 'tell', template: 'Tell [[who]] about [[what]].' },
  { name: 'big', template: 'x'.repeat(65_536) },
];
const chat = (content: unknown) => ({ messages: [{ role: 'user', content }] });
const fill = async (text: string, rules: object = {}) => {
  const bench = new PolicyBench(promptTemplate, { templates, ...rules });
  const { body, answer } = await bench.request(chat(text));
  return answer ?? (body as unknown as { messages: { content: string }[] }).messages[0]?.content;
};
const refused = (message: string) => ({ status: 400, body: { type: 'PROMPT_TEMPLATE_ERROR', message } });

describe('C prompt-template', () => {
  it.each([
    ['template://tell?who=Bob&what=tea', 'Tell Bob about tea.'],
    ['First: template://tell?who=Bob%20B%C3%A9&what=a+b%26c then more', 'First: Tell Bob Bé about a b&c. then more'],
    ['template://tell?who=a&what=b template://tell?what=d&who=c', 'Tell a about b. Tell c about d.'],
    ['template://tell?who=$1&what=%22x%22', 'Tell $1 about "x".'],
    ['no template', 'no template'],
  ])('C prompt-template: fills %s', async (text, filled) => expect(await fill(text)).toBe(filled));

  it('C prompt-template: takes values as they are', async () => {
    const text = `template://tell?who=${encodeURIComponent('[[what]]')}&what=${encodeURIComponent('template://tell')}`;
    expect(await fill(text)).toBe('Tell [[what]] about template://tell.');
  });

  it('C prompt-template: a template that is not there is an error, or stays', async () => {
    expect(await fill('template://other?a=b')).toEqual(refused("Template 'other' not found"));
    expect(await fill('template://other?a=b', { onMissingTemplate: 'passthrough' })).toBe('template://other?a=b');
  });

  it('C prompt-template: a placeholder without a value stays, goes, or is an error', async () => {
    const text = 'template://tell?who=Bob';
    expect(await fill(text)).toBe('Tell Bob about [[what]].');
    expect(await fill(text, { onUnresolvedPlaceholder: 'empty' })).toBe('Tell Bob about .');
    expect(await fill(text, { onUnresolvedPlaceholder: 'error' })).toEqual(
      refused("Parameter 'what' of template 'tell' is missing"),
    );
  });

  it('C prompt-template: fills what is said in every dialect, and nothing that tools gave back', async () => {
    const bench = new PolicyBench(promptTemplate, { templates });
    const t = 'template://tell?who=a&what=b';
    const body = {
      system: t,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: t },
            { type: 'tool_result', content: t },
          ],
        },
        { role: 'tool', content: t },
      ],
      contents: [{ parts: [{ text: t }] }],
      input: [
        { role: 'user', content: [{ type: 'input_text', text: t }] },
        { type: 'function_call_output', output: t },
      ],
    };
    const text = JSON.stringify((await bench.request(body)).body);
    expect([text.split('Tell a about b.').length - 1, text.split(t).length - 1]).toEqual([4, 3]);
  });

  it('C prompt-template: fills only what a path names, and refuses where that is nothing', async () => {
    const t = 'template://tell?who=a&what=b';
    const at = async (jsonPath: string, body: object) => {
      const outcome = await new PolicyBench(promptTemplate, { templates, jsonPath }).request(body);
      return outcome.answer ?? outcome.body;
    };
    const two = { messages: [{ role: 'user', content: t }], note: t };
    const first = '$.messages[0].content';
    expect(await at(first, two)).toEqual({ ...chat('Tell a about b.'), note: t });
    expect(await at('$.note', two)).toEqual({ ...chat(t), note: 'Tell a about b.' });
    expect(await at('', two)).toEqual({ ...chat('Tell a about b.'), note: t });
    expect(await at(first, chat([{ type: 'text', text: t }]))).toEqual(
      chat([{ type: 'text', text: 'Tell a about b.' }]),
    );
    expect(await at('$.messages[-1].content', { input: t })).toEqual({ input: 'Tell a about b.' });
    expect(await at('$.nowhere', two)).toEqual(refused('Error extracting value from JSONPath'));
  });

  it('C prompt-template: bounds what templates come to', async () => {
    expect(await fill('template://big '.repeat(100))).toEqual(refused('The templates of the request are too long'));
  });

  it('C prompt-template: takes the former promptTemplateConfig', async () => {
    const bench = new PolicyBench(promptTemplate, { promptTemplateConfig: '[{"name":"a","prompt":"Hi [[b]]"}]' });
    expect((await bench.request(chat('template://a?b=c'))).body).toEqual(chat('Hi c'));
    expect(promptTemplate.definition.params.safeParse({}).success).toBe(false);
  });
});
