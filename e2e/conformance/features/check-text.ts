import { expect } from '@jest/globals';
import type { Check } from '../support/feature.ts';
import { ANSWER, SAID } from '../support/spoken.ts';

/** Every character of question and answer, why the answer ended, and tokens that a cache served. */
export const checkText: Check = async (cell) => {
  const plain = await cell.ask('text', { stream: false, say: SAID });
  expect(plain).toMatchObject({ text: ANSWER, thoughts: '', calls: [], ending: 'stop' });
  const echo = await cell.ask('echo', { stream: false, say: SAID });
  expect(echo.text).toBe(SAID);
  const next = await cell.ask('echo', {
    stream: false,
    say: 'And then?',
    ...(plain.turn !== null && {
      after: { question: cell.question('text', { stream: false, say: SAID }), answer: plain, results: [] },
    }),
  });
  expect(next.text).toBe('And then?');
  expect(await cell.ask('length', { stream: false, say: SAID })).toMatchObject({ text: ANSWER, ending: 'length' });
  const cached = await cell.ask('cached', { stream: false, say: SAID });
  expect(cached.usage.cachedInput).toBeGreaterThan(0);
};
