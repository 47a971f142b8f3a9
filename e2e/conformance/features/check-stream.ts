import { expect } from '@jest/globals';
import type { Cell } from '../support/cell.ts';
import type { Check } from '../support/feature.ts';
import { ANSWER, SAID } from '../support/spoken.ts';

/** The same as a stream, also when the vendor's bytes come in pieces that cut events and characters in two. */
export const checkStream: Check = async (cell) => {
  for (const scenario of ['text', 'split'] as const) {
    const answer = await cell.ask(scenario, { stream: true, say: SAID });
    expect(answer).toMatchObject({ text: ANSWER, thoughts: '', calls: [], ending: 'stop' });
  }
  await goOn(cell);
  expect(await cell.ask('length', { stream: true, say: SAID })).toMatchObject({ text: ANSWER, ending: 'length' });
  const cached = await cell.ask('cached', { stream: true, say: SAID });
  expect(cached.usage.cachedInput).toBeGreaterThan(0);
  const wire = await cell.read('text', { stream: true, say: SAID });
  expect(wire).toMatchObject({ status: 200, text: ANSWER, complete: true, error: null });
  expect(wire.contentType).toMatch(/^text\/event-stream\b/);
};

/** What was streamed comes back whole with the next turn. */
async function goOn(cell: Cell): Promise<void> {
  const question = cell.question('text', { stream: true, say: SAID });
  const answer = await cell.follow(question);
  if (answer.turn === null) return;
  const next = await cell.ask('echo', { stream: true, say: 'And then?', after: { question, answer, results: [] } });
  expect(next.text).toBe('And then?');
  // Gemini's own pieces pass through as they are.
  if (cell.caller.name === 'generate-content' && cell.upstream.name === 'gemini') return;
  expect(JSON.stringify(cell.received(next).body)).toContain(JSON.stringify(ANSWER).slice(1, -1));
}
