import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { modelOf, SdkWorld } from '../sdks/support/sdk-world.ts';
import { PROOF } from './support/agent-model.ts';
import { AGENT_MODEL, AgentWorld } from './support/agent-world.ts';
import { runCodex } from './support/coding-agents.ts';
import type { AgentRun } from './support/run-agent.ts';

describe('Codex with a model that speaks Chat Completions only', () => {
  let world: AgentWorld;
  beforeAll(async () => {
    world = await AgentWorld.create();
  });
  afterAll(() => world.dispose());

  const codex = (prompt: string): Promise<AgentRun> =>
    runCodex({ gateway: world.gateway.url, key: world.key, model: AGENT_MODEL }, prompt);

  it('answers', async () => {
    const run = await codex('Say hello.');
    expect(run).toMatchObject({ code: 0, output: expect.stringContaining('Hello from the model.') });
  });

  it('runs a tool and sees what it printed', async () => {
    const run = await codex('Please use your shell once.');
    expect(run).toMatchObject({ code: 0, output: expect.stringContaining(PROOF) });
  });
});

describe('Codex', () => {
  let world: SdkWorld;
  beforeAll(async () => {
    world = await SdkWorld.create();
  });
  afterAll(() => world.dispose());
  beforeEach(() => world.vendors.reset());

  const hello = (key: string, model: string): Promise<AgentRun> =>
    runCodex({ gateway: world.gateway.url, key, model }, 'Say hello.');

  it.each(['openai', 'claude', 'google'] as const)('answers with a model of %s', async (provider) => {
    const run = await hello(world.keys.full, modelOf(provider, 'text'));
    expect(run).toMatchObject({ code: 0, output: expect.stringContaining('Water flows') });
    expect(world.vendors.ledger.violations).toEqual([]);
  });

  it('says at once that a quota is used up', async () => {
    await hello(world.keys.spent, modelOf('lab', 'text'));
    const run = await hello(world.keys.spent, modelOf('lab', 'text'));
    expect(run).toMatchObject({ code: 1, errors: expect.stringContaining('Quota exceeded') });
    const labels = 'route="/v1/responses",method="POST",status="429",provider="none",proxy="root"';
    expect(await world.gateway.metric(`penstock_requests_total{${labels}}`)).toBe(1);
  });

  it('knows that a conversation is too long, whoever says so', async () => {
    const run = await hello(world.keys.full, modelOf('lab', 'error-context-length'));
    expect(run).toMatchObject({ code: 1, errors: expect.stringContaining("ran out of room in the model's context") });
  });
});
