import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { agentCommand, agentHome, type AgentRun, runAgent } from './run-agent.ts';

/** The gateway, the virtual key and the model that an agent is told to use. */
export interface AgentSettings {
  readonly gateway: string;
  readonly key: string;
  readonly model: string;
}

/** Claude Code with the settings of docs/clients/claude-code.md, in a home of its own. */
export function runClaudeCode(settings: AgentSettings, prompt: string, ...flags: string[]): Promise<AgentRun> {
  const { gateway, key, model } = settings;
  const env = {
    ANTHROPIC_BASE_URL: gateway,
    ANTHROPIC_AUTH_TOKEN: key,
    ANTHROPIC_MODEL: model,
    ANTHROPIC_SMALL_FAST_MODEL: model,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  };
  return atHome((home) => runAgent([agentCommand('claude'), '-p', prompt, ...flags], { home, env }));
}

/** Codex with the settings of docs/clients/codex.md, in a home of its own. */
export function runCodex({ gateway, key, model }: AgentSettings, prompt: string): Promise<AgentRun> {
  const config = `model = "${model}"
model_provider = "penstock"

[model_providers.penstock]
name = "Penstock"
base_url = "${gateway}/v1"
env_key = "PENSTOCK_API_KEY"
wire_api = "responses"
supports_websockets = false
`;
  const flags = ['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox'];
  return atHome((home) => {
    mkdirSync(path.join(home, '.codex'));
    writeFileSync(path.join(home, '.codex/config.toml'), config);
    return runAgent([agentCommand('codex'), ...flags, prompt], { home, env: { PENSTOCK_API_KEY: key } });
  });
}

async function atHome(run: (home: string) => Promise<AgentRun>): Promise<AgentRun> {
  const place = agentHome();
  try {
    return await run(place.home);
  } finally {
    place.remove();
  }
}
