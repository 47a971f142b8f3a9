import { describe, expect, it } from '@jest/globals';
import { LlmProxyManifest } from '@penstock/contracts';
import { parse, stringify } from 'yaml';
import { parseManifests } from '../../manifests/read-manifest-files.ts';
import { describeManifestFault, validateManifests } from '../../manifests/validate-manifests.ts';
import { runCommand } from '../../testing/run-command.ts';
import type { ConversionOptions } from './conversion.ts';
import { convertLitellm } from './convert-litellm.ts';

const OPTIONS: ConversionOptions = { proxy: 'litellm', context: '/', withSecrets: false, env: {} };

/** As the documentation of LiteLLM's proxy shows them. */
const CONFIG = `
model_list:
  - model_name: gpt-4o
    litellm_params:
      model: azure/gpt-4o-eu
      api_base: https://my-endpoint-europe.openai.azure.com/
      api_key: "os.environ/AZURE_API_KEY_EU"
      api_version: "2024-08-01-preview"
      rpm: 6
      tpm: 40000
  - model_name: gpt-4o
    litellm_params:
      model: openai/gpt-4o
      api_key: sk-plain-text-credential-0123456789
      rpm: 60
      timeout: 30
    model_info: {id: second, input_cost_per_token: 0.0000025, output_cost_per_token: 0.00001}
  - model_name: claude
    litellm_params: {model: claude-sonnet-4-5, api_key: os.environ/ANTHROPIC_API_KEY, max_parallel_requests: 10}
  - model_name: local
    litellm_params: {model: hosted_vllm/Qwen/Qwen2.5-0.5B, api_base: "http://127.0.0.1:8000/v1", api_key: none}
  - model_name: fast
    litellm_params: {model: groq/llama-3.3-70b-versatile, api_key: os.environ/GROQ_API_KEY}
  - model_name: bedrock-claude
    litellm_params: {model: bedrock/anthropic.claude-3, aws_region_name: us-east-1, aws_secret_access_key: AWS-PLAIN}
  - model_name: "mistral/*"
    litellm_params: {model: "mistral/*", api_key: os.environ/MISTRAL_API_KEY}
router_settings:
  routing_strategy: simple-shuffle
  model_group_alias: {gpt-4: gpt-4o, hidden: {model: claude, hidden: true}}
  fallbacks: [{gpt-4o: [claude, nowhere]}]
litellm_settings:
  drop_params: true
  default_fallbacks: [local]
  success_callback: [langfuse]
general_settings:
  master_key: sk-master-1234
  database_url: "postgresql://user:password@host/db"
`;

const converted = (options: Partial<ConversionOptions> = {}, config = CONFIG) =>
  convertLitellm(parse(config), { ...OPTIONS, ...options });
const textOf = (manifests: readonly object[]) => manifests.map((manifest) => stringify(manifest)).join('---\n');
const byKind = (kind: string) => converted().manifests.filter((manifest) => manifest.kind === kind);
const proxy = () => LlmProxyManifest.parse(byKind('LlmProxy')[0]).spec;
const targets = (name: string) =>
  proxy()
    .models.find((model) => model.name === name)
    ?.targets.map(({ provider, model, weight, priority }) => `${provider}/${model} ${weight} ${priority}`);

describe("LiteLLM's config.yaml", () => {
  it('becomes manifests without a fault', () => {
    const documents = parseManifests('out.yaml', textOf(converted().manifests));
    expect(validateManifests(documents).map(describeManifestFault)).toEqual([]);
  });

  it('gives a provider for each account', () => {
    const providers = byKind('LlmProvider').map(({ metadata, spec }) => {
      const { template, upstream } = spec as { template: string; upstream: { url: string } };
      return `${metadata.name} ${template} ${upstream.url}`;
    });
    expect(providers).toEqual([
      'azure azure-openai https://my-endpoint-europe.openai.azure.com',
      'openai openai https://api.openai.com/v1',
      'anthropic anthropic https://api.anthropic.com',
      'hosted-vllm vllm http://127.0.0.1:8000/v1',
      'groq openai-compatible https://api.groq.com/openai/v1',
      'mistral mistralai https://api.mistral.ai',
    ]);
  });

  it('has the targets, weights, fallbacks and aliases of the model groups', () => {
    const gpt = ['azure/gpt-4o-eu 10 0', 'openai/gpt-4o 100 0', 'anthropic/claude-sonnet-4-5 1 1'];
    expect(targets('gpt-4o')).toEqual([...gpt, 'hosted-vllm/Qwen/Qwen2.5-0.5B 1 2']);
    expect(targets('gpt-4')).toEqual(targets('gpt-4o'));
    expect(targets('hidden')).toEqual(['anthropic/claude-sonnet-4-5 1 0', 'hosted-vllm/Qwen/Qwen2.5-0.5B 1 1']);
    expect(targets('local')).toEqual(['hosted-vllm/Qwen/Qwen2.5-0.5B 1 0']);
    expect(targets('bedrock-claude')).toBeUndefined();
  });

  it('has its limits as quotas of the models, and its prices', () => {
    expect(byKind('Quota').map(({ metadata, spec }) => [metadata.name, spec])).toEqual([
      [
        'azure-gpt-4o-eu',
        {
          limits: [
            { unit: 'requests', window: 'minute', max: 6 },
            { unit: 'tokens', window: 'minute', max: 40000 },
          ],
        },
      ],
      ['openai-gpt-4o', { limits: [{ unit: 'requests', window: 'minute', max: 60 }] }],
      ['anthropic-claude-sonnet-4-5', { limits: [{ unit: 'concurrency', max: 10 }] }],
    ]);
    expect(byKind('ModelPrice').map(({ spec }) => spec)).toEqual([
      { provider: 'openai', model: 'gpt-4o', inputPerMillion: 2_500_000, outputPerMillion: 10_000_000 },
    ]);
  });

  it('gives no credential away unless it is told to', () => {
    const env = { AZURE_API_KEY_EU: 'azure-from-environment' };
    const { manifests, warnings } = converted({ env });
    const text = `${textOf(manifests)}${warnings.join('\n')}`;
    for (const secret of ['sk-plain', 'sk-master', 'AWS-PLAIN', 'password', 'azure-from-environment']) {
      expect(text).not.toContain(secret);
    }
    expect(text).toContain('Bearer {{ env "PENSTOCK_SECRET_OPENAI" }}');
    expect(text).toContain(`'{{ env "PENSTOCK_SECRET_AZURE_API_KEY_EU" }}'`);
    const plain = textOf(converted({ env, withSecrets: true }).manifests);
    expect(plain).toContain('Bearer sk-plain-text-credential-0123456789');
    expect(plain).toContain('value: azure-from-environment');
    expect(plain).toContain('{{ env "PENSTOCK_SECRET_ANTHROPIC_API_KEY" }}');
  });

  it('warns of all that is lost', () => {
    const warnings = converted().warnings.join('\n');
    for (const lost of [
      "model 'bedrock-claude': 'bedrock/anthropic.claude-3' is of a vendor that cannot be converted",
      "model 'gpt-4o': litellm_params.timeout is not converted",
      "model 'mistral/*': a wildcard",
      "model 'gpt-4o': its fallback 'nowhere' is no model",
      'router_settings.routing_strategy is not converted',
      'litellm_settings.drop_params is not converted',
      'litellm_settings.success_callback is not converted',
      'general_settings.master_key is ignored',
      'general_settings.database_url is not converted',
      "provider 'openai': its credential stands in the config in plain text; set PENSTOCK_SECRET_OPENAI",
    ]) {
      expect(warnings).toContain(lost);
    }
  });

  it('looks up addresses, and sends openai/ with another address there', () => {
    const config = `
model_list:
  - model_name: a
    litellm_params: {model: openai/mine, api_base: os.environ/MY_BASE, api_key: os.environ/MY_KEY, order: 2}
  - model_name: a
    litellm_params: {model: openai/other, api_base: os.environ/MISSING, order: 1}
  - model_name: a
    litellm_params: {model: ollama/llama3, api_base: "http://127.0.0.1:11434", weight: 3}
environment_variables: {MY_BASE: "http://127.0.0.1:9999/v1"}
`;
    const { manifests, warnings } = converted({}, config);
    const providers = manifests.filter(({ kind }) => kind === 'LlmProvider').map(({ spec }) => spec);
    expect(providers).toMatchObject([
      { template: 'openai-compatible', upstream: { url: 'http://127.0.0.1:9999/v1' } },
      { template: 'openai-compatible', upstream: { url: 'https://missing.invalid' } },
      { template: 'openai-compatible', upstream: { url: 'http://127.0.0.1:11434/v1' } },
    ]);
    expect(warnings.join('\n')).toContain('MISSING is not set here');
    const [model] = LlmProxyManifest.parse(manifests.at(-1)).spec.models;
    expect(model?.targets.map(({ provider, priority, weight }) => [provider, priority, weight])).toEqual([
      ['openai-2', 0, 1],
      ['openai', 1, 1],
      ['ollama', 2, 1],
    ]);
  });

  it('may leave values empty', () => {
    const config = `
model_list:
  - model_name: a
    litellm_params: {model: hosted_vllm/m, api_base: "http://127.0.0.1:8000/v1", api_key: , rpm: , input_cost_per_token: }
    model_info:
router_settings:
general_settings: {}
`;
    expect(converted({}, config).manifests.map(({ kind }) => kind)).toEqual(['LlmProvider', 'LlmProxy']);
  });

  it.each([
    ['model_list: 5', 'model_list'],
    ['- a', 'no config.yaml'],
    ['model_list: []', 'No model of the config'],
    ['model_list: [{model_name: a, litellm_params: {}}]', 'model_list[0].litellm_params.model'],
  ])('that is none is refused: %s', (config, message) => {
    expect(() => converted({}, config)).toThrow(message);
  });
});

describe('penstock import litellm', () => {
  it('prints what validate and apply take, and its warnings beside it', async () => {
    const imported = await runCommand(
      ['import', 'litellm', '-', '--context', '/l'],
      {},
      { readInput: async () => CONFIG },
    );
    expect([imported.code, imported.say]).toEqual([0, expect.stringMatching(/^warning: .+\n(warning: .+\n)+$/)]);
    const checked = await runCommand(['validate', '-f', '-'], {}, { readInput: async () => imported.out });
    expect(checked).toMatchObject({ code: 0, out: '11 documents are valid\n' });
    expect(imported.out).toContain('context: /l\n');
  });

  it('quotes nothing of a file that is no YAML', async () => {
    const readInput = async () => 'api_key: "sk-secret\nb: [';
    const { code, say } = await runCommand(['import', 'litellm', '-'], {}, { readInput });
    expect([code, say]).toEqual([1, expect.stringContaining('is not valid YAML')]);
    expect(say).not.toContain('sk-secret');
  });
});
