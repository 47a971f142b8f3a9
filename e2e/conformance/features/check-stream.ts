import { expect } from '@jest/globals';
import type { Check } from '../support/feature.ts';
import { ANSWER, SAID } from '../support/spoken.ts';

/** The same as a stream, also when the vendor's bytes come in pieces that cut events and characters in two. */
export const checkStream: Check = async (cell) => {
  for (const scenario of ['text', 'split'] as const) {
    const answer = await cell.ask(scenario, { stream: true, say: SAID });
    expect(answer).toMatchObject({ text: ANSWER, thoughts: '', calls: [], ending: 'stop' });
  }
  expect(await cell.ask('length', { stream: true, say: SAID })).toMatchObject({ text: ANSWER, ending: 'length' });
  const cached = await cell.ask('cached', { stream: true, say: SAID });
  expect(cached.usage.cachedInput).toBeGreaterThan(0);
  const wire = await cell.read('text', { stream: true, say: SAID });
  expect(wire).toMatchObject({ status: 200, text: ANSWER, complete: true, error: null });
  expect(wire.contentType).toMatch(/^text\/event-stream\b/);
};
