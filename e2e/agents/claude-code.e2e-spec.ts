import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PROOF } from './support/agent-model.ts';
import { AGENT_MODEL, AgentWorld } from './support/agent-world.ts';
import { agentCommand, agentHome, type AgentRun, runAgent } from './support/run-agent.ts';

let world: AgentWorld;
const place = agentHome();

beforeAll(async () => {
  world = await AgentWorld.create();
});
afterAll(async () => {
  await world.dispose();
  place.remove();
});

/** The settings of docs/clients/claude-code.md. */
function claude(prompt: string, ...flags: string[]): Promise<AgentRun> {
  const env = {
    ANTHROPIC_BASE_URL: world.gateway.url,
    ANTHROPIC_AUTH_TOKEN: world.key,
    ANTHROPIC_MODEL: AGENT_MODEL,
    ANTHROPIC_SMALL_FAST_MODEL: AGENT_MODEL,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  };
  return runAgent([agentCommand('claude'), '-p', prompt, ...flags], { home: place.home, env });
}

describe('Claude Code with a model that speaks OpenAI only', () => {
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
