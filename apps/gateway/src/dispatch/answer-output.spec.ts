import { describe, expect, it } from '@jest/globals';
import { estimateTokens } from '@penstock/usage';
import { estimateAnswerOutput } from './answer-output.ts';

const SAID = 'x'.repeat(70);
const of = (answer: unknown) => estimateAnswerOutput(Buffer.from(JSON.stringify(answer)));
const frame = {
  id: 'i'.repeat(500),
  object: 'o'.repeat(500),
  model: 'm'.repeat(500),
  system_fingerprint: 'f'.repeat(500),
};

describe('the output of a whole answer', () => {
  it.each([
    ['Chat', { choices: [{ index: 0, message: { role: 'assistant', content: SAID }, finish_reason: 'stop' }] }],
    ['completions', { choices: [{ text: SAID, logprobs: { tokens: [SAID] } }] }],
    ['reasoning', { choices: [{ message: { role: 'assistant', content: '', reasoning_content: SAID } }] }],
    ['Gemini', { candidates: [{ content: { role: 'model', parts: [{ text: SAID }] }, finishReason: 'STOP' }] }],
    ['Messages', { content: [{ type: 'text', text: SAID }], role: 'assistant' }],
    ['Responses', { output: [{ type: 'message', id: 'x', content: [{ type: 'output_text', text: SAID }] }] }],
  ])('of %s is what was said, and not the document around it', (_dialect, answer) => {
    expect(of({ ...frame, ...answer })).toBe(estimateTokens(SAID.length));
  });

  it('counts calls of tools and every choice', () => {
    const call = { id: 'call', type: 'function', function: { name: 'f', arguments: SAID } };
    const choice = { message: { role: 'assistant', content: SAID, tool_calls: [call] } };
    expect(of({ choices: [choice, choice] })).toBe(estimateTokens(2 * (2 * SAID.length + 1)));
  });

  it.each([
    ['no choice', '{"choices":[]}', 0],
    ['no object', '7', 0],
    ['a document that was cut', '{"choices":[', 4],
  ])('of %s', (_name, body, tokens) => expect(estimateAnswerOutput(Buffer.from(body))).toBe(tokens));

  it('does not follow endless depth', () => {
    const body = Buffer.from(`{"choices":${'['.repeat(5000)}"x"${']'.repeat(5000)}}`);
    expect(estimateAnswerOutput(body)).toBe(0);
  });
});
