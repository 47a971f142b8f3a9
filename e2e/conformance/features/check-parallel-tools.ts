import { expect } from '@jest/globals';
import type { Check } from '../support/feature.ts';
import { SAID, TOOLS } from '../support/spoken.ts';

/** Two calls in one turn: each with an id of its own, and each result with its call. */
export const checkParallelTools: Check = async (cell) => {
  for (const stream of [false, true]) {
    const question = cell.question('parallel-tools', { stream, say: SAID, tools: TOOLS });
    const answer = await cell.follow(question);
    expect(answer).toMatchObject({ text: '', ending: 'tools' });
    expect(answer.calls.map(({ name }) => name)).toEqual(['get_weather', 'list_cities']);
    expect(new Set(answer.calls.map(({ id }) => id)).size).toBe(2);
    const after = { question, answer, results: ['rain', 'Rome'] };
    const last = await cell.ask('parallel-tools', { stream, say: '', tools: TOOLS, after });
    expect(last).toMatchObject({ text: 'The tools said: rain | Rome.', calls: [], ending: 'stop' });
  }
};
