import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SdkWorld } from '../sdks/support/sdk-world.ts';
import { type Outcome, runChecks } from './support/run-checks.ts';
import { checkEnvironment, checkNames } from './support/sdk-checks.ts';

const folder = path.join(import.meta.dirname, 'node');

const suites = [
  {
    sdk: "Vercel's AI SDK",
    script: 'ai-sdk.mjs',
    checks: [
      ...checkNames(
        ['responses', 'chat', 'anthropic', 'compatible'],
        ['generates text', 'streams text', 'uses tools', 'makes objects', 'raises when a stream fails'],
      ),
      'embeds texts',
      'raises APICallError for a wrong key',
      'says why a quota refuses',
    ],
  },
  {
    sdk: 'LangChain',
    script: 'langchain.mjs',
    checks: [
      ...checkNames(
        ['chat', 'responses'],
        ['invokes', 'streams', 'uses tools', 'makes objects', 'raises when a stream fails'],
      ),
      'embeds texts',
      'raises for a wrong key',
      'raises, once, when a quota is used up',
    ],
  },
  {
    sdk: "OpenAI's Agents SDK",
    script: 'openai-agents.mjs',
    checks: [
      ...checkNames(['responses', 'chat'], ['answers', 'streams', 'uses tools', 'hands over', 'makes objects']),
      'raises for a wrong key',
    ],
  },
];

describe.each(suites)('$sdk for Node', ({ script, checks }) => {
  let world: SdkWorld;
  let outcomes: ReadonlyMap<string, Outcome>;
  beforeAll(async () => {
    world = await SdkWorld.create();
    const hook = path.join(folder, 'resolve-installed.mjs');
    outcomes = await runChecks(
      [process.execPath, '--import', hook, path.join(folder, script)],
      checkEnvironment(world),
    );
  }, 120_000);
  afterAll(() => world.dispose());

  it.each(checks)('%s', (check) => expect(outcomes.get(check)).toEqual({ check, error: null }));

  it('was checked for nothing else', () => expect([...outcomes.keys()].toSorted()).toEqual([...checks].toSorted()));
});
