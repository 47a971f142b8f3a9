import { expect } from '@jest/globals';
import type { Cell } from '../support/cell.ts';
import type { Check } from '../support/feature.ts';
import { SAID, TOOLS } from '../support/spoken.ts';

/** A call with its arguments, and its result in the next request, which the vendor has to find with its call. */
export const checkTools: Check = async (cell) => {
  for (const stream of [false, true]) {
    await loop(cell, 'tools', stream);
    await loop(cell, 'text-tools', stream);
  }
};

async function loop(cell: Cell, scenario: 'tools' | 'text-tools', stream: boolean): Promise<void> {
  const question = cell.question(scenario, { stream, say: SAID, tools: TOOLS });
  const answer = await cell.follow(question);
  expect(answer).toMatchObject({
    text: scenario === 'tools' ? '' : 'Let me look that up.',
    calls: [{ name: 'get_weather', input: { city: 'Paris' } }],
    ending: 'tools',
  });
  const after = { question, answer, results: ['rain in "Paris"'] };
  const last = await cell.ask(scenario, { stream, say: '', tools: TOOLS, after });
  expect(last).toMatchObject({ text: 'The tools said: rain in "Paris".', calls: [], ending: 'stop' });
}
