import { expect } from '@jest/globals';
import { isMinted, type VendorName } from '@penstock/testing';
import type { Cell } from '../support/cell.ts';
import type { Answer } from '../support/conversation.ts';
import type { Check } from '../support/feature.ts';
import { ANSWER, SAID, THOUGHTS, TOOLS } from '../support/spoken.ts';

/** Thoughts where the vendor shows them, their tokens, and their signatures, which have to come back with the next request. */
export const checkReasoning: Check = async (cell) => {
  for (const stream of [false, true]) {
    await goOn(cell, stream);
    await loop(cell, stream);
  }
};

async function goOn(cell: Cell, stream: boolean): Promise<void> {
  const question = cell.question('reasoning', { stream, say: SAID, think: cell.thinking });
  const answer = await cell.follow(question);
  expect(answer).toMatchObject({ text: ANSWER, thoughts: thoughtsOf(cell), ending: 'stop' });
  expectThinking(cell, answer);
  const after = { question, answer, results: [] };
  expect((await cell.ask('reasoning', { stream, say: 'And then?', think: cell.thinking, after })).text).toBe(ANSWER);
}

async function loop(cell: Cell, stream: boolean): Promise<void> {
  const question = cell.question('reasoning-tools', { stream, say: SAID, think: cell.thinking, tools: TOOLS });
  const answer = await cell.follow(question);
  expect(answer).toMatchObject({ thoughts: thoughtsOf(cell), calls: [{ name: 'get_weather' }], ending: 'tools' });
  expectThinking(cell, answer);
  const after = { question, answer, results: ['rain'] };
  const last = await cell.ask('reasoning-tools', { stream, say: '', think: cell.thinking, tools: TOOLS, after });
  expect(last).toMatchObject({ text: 'The tools said: rain.', ending: 'stop' });
  const { signer } = cell.route;
  const { body } = cell.received(last);
  if (signer) expect(holdsSignature(signer, body)).toBe(true);
  // Gemini goes on from its signature alone.
  if (cell.route.showsThoughts && signer !== 'gemini') expect(JSON.stringify(body)).toContain(THOUGHTS);
}

const thoughtsOf = (cell: Cell): string => (cell.route.showsThoughts ? THOUGHTS : '');

/** The model was told to think: the vendor counted thoughts. */
function expectThinking(cell: Cell, answer: Answer): void {
  expect(cell.received(answer).usage?.reasoning).toBeGreaterThan(0);
}

/** Whether the vendor finds a signature of its own anywhere in a request. */
function holdsSignature(signer: VendorName, value: unknown): boolean {
  if (typeof value === 'string') return isMinted(signer, value, '');
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((inner) => holdsSignature(signer, inner));
}
