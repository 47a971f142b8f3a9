import { expect } from '@jest/globals';
import type { Cell } from '../support/cell.ts';
import { SAID, TOOLS } from '../support/spoken.ts';

/**
 * A conversation that one vendor began and another goes on with, as when a target fails: the second one finds every call with its
 * result, and no thought or signature that it did not make itself.
 */
export async function checkMove(from: Cell, to: Cell): Promise<void> {
  for (const stream of [false, true]) {
    const question = from.question('reasoning-tools', { stream, say: SAID, think: from.thinking, tools: TOOLS });
    const answer = await from.follow(question);
    const after = { question, answer, results: ['rain'] };
    const last = await to.ask('reasoning-tools', { stream, say: '', think: to.thinking, tools: TOOLS, after });
    expect(last).toMatchObject({ text: 'The tools said: rain.', ending: 'stop' });
  }
}
