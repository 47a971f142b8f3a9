import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SdkWorld } from '../sdks/support/sdk-world.ts';
import { pythonWithClients } from '../support/python-clients.ts';
import { type Outcome, runChecks } from './support/run-checks.ts';
import { checkEnvironment, checkNames } from './support/sdk-checks.ts';

const suites = [
  {
    sdk: "OpenAI's SDK",
    script: 'openai_checks.py',
    checks: [
      ...checkNames(['responses'], ['creates', 'streams', 'uses tools', 'raises when a stream fails']),
      ...checkNames(['chat'], ['streams', 'uses tools']),
      'raises BadRequestError for a previous response',
      'raises RateLimitError when a quota is used up',
    ],
  },
  {
    sdk: "Anthropic's SDK",
    script: 'anthropic_checks.py',
    checks: [
      ...checkNames(
        ['messages'],
        ['creates', 'creates asynchronously', 'streams', 'uses tools', 'counts tokens', 'raises when a stream fails'],
      ),
      'lists the models',
      'raises AuthenticationError for a wrong key',
      'raises a billing error when a quota is used up',
    ],
  },
  {
    sdk: 'LangChain',
    script: 'langchain_checks.py',
    checks: [
      ...checkNames(
        ['chat', 'responses'],
        ['invokes', 'streams', 'uses tools', 'makes objects', 'raises when a stream fails'],
      ),
      'embeds texts',
      'raises AuthenticationError for a wrong key',
      'raises RateLimitError when a quota is used up',
    ],
  },
  {
    sdk: 'LiteLLM',
    script: 'litellm_checks.py',
    checks: [
      ...checkNames(['chat', 'messages'], ['completes', 'streams', 'uses tools', 'raises when a stream fails']),
      ...checkNames(['responses'], ['creates']),
      'embeds texts',
      'raises AuthenticationError for a wrong key',
      'raises RateLimitError when a quota is used up',
    ],
  },
];

describe.each(suites)('$sdk for Python', ({ script, checks }) => {
  let world: SdkWorld;
  let outcomes: ReadonlyMap<string, Outcome>;
  beforeAll(async () => {
    const python = await pythonWithClients('agents');
    world = await SdkWorld.create();
    outcomes = await runChecks([python, path.join(import.meta.dirname, 'python', script)], checkEnvironment(world));
  }, 600_000);
  afterAll(() => world.dispose());

  it.each(checks)('%s', (check) => expect(outcomes.get(check)).toEqual({ check, error: null }));

  it('was checked for nothing else', () => expect([...outcomes.keys()].toSorted()).toEqual([...checks].toSorted()));
});
