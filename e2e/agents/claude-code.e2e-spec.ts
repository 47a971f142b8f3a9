import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { modelOf, SdkWorld } from '../sdks/support/sdk-world.ts';
import { PROOF } from './support/agent-model.ts';
import { AGENT_MODEL, AgentWorld } from './support/agent-world.ts';
import { runClaudeCode } from './support/coding-agents.ts';
import type { AgentRun } from './support/run-agent.ts';

describe('Claude Code with a model that speaks OpenAI only', () => {
  let world: AgentWorld;
  beforeAll(async () => {
    world = await AgentWorld.create();
  });
  afterAll(() => world.dispose());

  const claude = (prompt: string, ...flags: string[]): Promise<AgentRun> => {
    const settings = { gateway: world.gateway.url, key: world.key, model: AGENT_MODEL };
    return runClaudeCode(settings, prompt, ...flags);
  };

  it('answers', async () => {
    const run = await claude('Say hello.');
    expect(run).toMatchObject({ code: 0, output: expect.stringContaining('Hello from the model.') });
  });

  it('runs a tool and sees what it printed', async () => {
    const run = await claude('Please use your shell once.', '--allowedTools', 'Bash(printf:*)');
    expect(run).toMatchObject({ code: 0, output: expect.stringContaining(PROOF) });
  });

  it('sends one system message that holds nothing of its own bookkeeping', () => {
    for (const { messages } of world.model.received) {
      expect(messages.filter(({ role }) => role === 'system')).toHaveLength(1);
      expect(messages[0]?.role).toBe('system');
      expect(JSON.stringify(messages)).not.toContain('x-anthropic-billing-header');
    }
    expect(world.model.received.length).toBeGreaterThan(1);
  });
});

describe('Claude Code', () => {
  let world: SdkWorld;
  beforeAll(async () => {
    world = await SdkWorld.create();
  });
  afterAll(() => world.dispose());

  const hello = (key: string, model: string): Promise<AgentRun> =>
    runClaudeCode({ gateway: world.gateway.url, key, model }, 'Say hello.');
  const refusals = (status: number): Promise<number | undefined> => {
    const labels = `route="/v1/messages",method="POST",status="${status}",provider="none",proxy="root"`;
    return world.gateway.metric(`penstock_requests_total{${labels}}`);
  };

  it("takes answers of Anthropic's own API as they are", async () => {
    const run = await hello(world.keys.full, modelOf('claude', 'text'));
    expect(run).toMatchObject({ code: 0, output: expect.stringContaining('Water flows') });
    expect(world.vendors.ledger.violations).toEqual([]);
  });

  it('says at once that its key is wrong', async () => {
    const run = await hello('psk_wrong', modelOf('lab', 'text'));
    expect(run).toMatchObject({ code: 1, output: expect.stringContaining('Incorrect API key provided.') });
    expect(await refusals(401)).toBe(1);
  });

  it('says at once that a quota is used up', async () => {
    await hello(world.keys.spent, modelOf('lab', 'text'));
    const run = await hello(world.keys.spent, modelOf('lab', 'text'));
    expect(run).toMatchObject({ code: 1, output: expect.stringContaining('is used up') });
    expect(await refusals(402)).toBe(1);
  });

  it('knows that a conversation is too long, whoever says so', async () => {
    const run = await hello(world.keys.full, modelOf('lab', 'error-context-length'));
    expect(run).toMatchObject({ code: 1, output: expect.stringContaining('Prompt is too long') });
  });
});
