import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PROOF } from './support/agent-model.ts';
import { AGENT_MODEL, AgentWorld } from './support/agent-world.ts';
import { agentCommand, agentHome, type AgentRun, runAgent } from './support/run-agent.ts';

let world: AgentWorld;
const place = agentHome();

beforeAll(async () => {
  world = await AgentWorld.create();
  const settings = path.join(place.home, '.codex');
  mkdirSync(settings);
  writeFileSync(path.join(settings, 'config.toml'), configOf(world.gateway.url));
});
afterAll(async () => {
  await world.dispose();
  place.remove();
});

/** The settings of docs/clients/codex.md. */
const configOf = (gateway: string): string => `model = "${AGENT_MODEL}"
model_provider = "penstock"

[model_providers.penstock]
name = "Penstock"
base_url = "${gateway}/v1"
env_key = "PENSTOCK_API_KEY"
wire_api = "responses"
supports_websockets = false
`;

function codex(prompt: string): Promise<AgentRun> {
  const flags = ['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox'];
  return runAgent([agentCommand('codex'), ...flags, prompt], {
    home: place.home,
    env: { PENSTOCK_API_KEY: world.key },
  });
}

describe('Codex with a model that speaks Chat Completions only', () => {
  it('answers', async () => {
    const run = await codex('Say hello.');
    expect(run).toMatchObject({ code: 0, output: expect.stringContaining('Hello from the model.') });
  });

  it('runs a tool and sees what it printed', async () => {
    const run = await codex('Please use your shell once.');
    expect(run).toMatchObject({ code: 0, output: expect.stringContaining(PROOF) });
  });
});
