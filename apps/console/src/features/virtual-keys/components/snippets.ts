/** What a snippet is filled with. */
export interface SnippetTarget {
  /** Of the gateway and the proxy, without `/v1`. */
  readonly baseUrl: string;
  readonly key: string;
  readonly model: string;
}

/** One way to use a key. */
export interface Snippet {
  readonly id: string;
  readonly label: string;
  /** Where the code goes, where that is not obvious. */
  readonly hint?: string;
  readonly code: (target: SnippetTarget) => string;
}

const curl = ({ baseUrl, key, model }: SnippetTarget): string => `curl -N ${baseUrl}/v1/chat/completions \\
  -H 'Authorization: Bearer ${key}' \\
  -H 'Content-Type: application/json' \\
  -d '${JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: 'Hello' }] })}'`;

const python = ({ baseUrl, key, model }: SnippetTarget): string => `from openai import OpenAI

client = OpenAI(base_url="${baseUrl}/v1", api_key="${key}")

answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.choices[0].message.content)`;

const node = ({ baseUrl, key, model }: SnippetTarget): string => `import OpenAI from 'openai';

const client = new OpenAI({ baseURL: '${baseUrl}/v1', apiKey: '${key}' });

const answer = await client.chat.completions.create({
  model: '${model}',
  messages: [{ role: 'user', content: 'Hello' }],
});
console.log(answer.choices[0].message.content);`;

const claudeCode = ({ baseUrl, key, model }: SnippetTarget): string => `export ANTHROPIC_BASE_URL=${baseUrl}
export ANTHROPIC_AUTH_TOKEN=${key}
export ANTHROPIC_MODEL=${model}
claude`;

const codex = ({ baseUrl, key, model }: SnippetTarget): string => `# ~/.codex/config.toml
model = "${model}"
model_provider = "penstock"

[model_providers.penstock]
name = "Penstock"
base_url = "${baseUrl}/v1"
env_key = "PENSTOCK_KEY"
wire_api = "responses"
supports_websockets = false

# then, in the shell:
# export PENSTOCK_KEY=${key}
# codex`;

/** Ready code for the clients that most callers use. */
export const SNIPPETS: readonly Snippet[] = [
  { id: 'curl', label: 'curl', hint: 'In a shell; the answer is streamed.', code: curl },
  { id: 'python', label: 'Python', hint: 'After pip install openai.', code: python },
  { id: 'node', label: 'Node', hint: 'After npm install openai.', code: node },
  { id: 'claude-code', label: 'Claude Code', hint: 'In the shell that starts it.', code: claudeCode },
  { id: 'codex', label: 'Codex', hint: 'In its configuration file, and in the shell.', code: codex },
];
