import { expect } from '@jest/globals';
import type { Cell } from '../support/cell.ts';
import type { Answer, Question } from '../support/conversation.ts';
import { SAID, TOOLS } from '../support/spoken.ts';

/**
 * A conversation that one vendor began and any other goes on with, as when a target fails: they find every call with its result,
 * and no thought or signature that they did not make themselves.
 */
export async function checkMove(from: Cell, others: readonly Cell[]): Promise<void> {
  for (const stream of [false, true]) {
    const question = from.question('reasoning-tools', { stream, say: SAID, think: from.thinking, tools: TOOLS });
    const answer = await from.follow(question);
    await Promise.all(others.filter((to) => canGoOn(from, to)).map((to) => goOn(to, question, answer)));
  }
}

/**
 * A known gap: a Claude that thinks within a budget refuses to go on thinking behind a call before which nothing was thought, and
 * where a caller's words pass through to it the gateway does not switch its thinking off.
 */
function canGoOn(from: Cell, to: Cell): boolean {
  const passesThrough = to.caller.kin.includes(to.upstream.name);
  return !passesThrough || to.route.thinking !== 'budget' || from.route.showsThoughts;
}

async function goOn(to: Cell, question: Question, answer: Answer): Promise<void> {
  const after = { question, answer, results: ['rain'] };
  const { stream } = question;
  const last = await to.ask('reasoning-tools', { stream, say: '', think: to.thinking, tools: TOOLS, after });
  expect(last).toMatchObject({ text: 'The tools said: rain.', ending: 'stop' });
}
