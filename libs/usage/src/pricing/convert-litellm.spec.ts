import { describe, expect, it } from '@jest/globals';
import { PriceCatalog } from '@penstock/contracts';
import fc from 'fast-check';
import { type CatalogOrigin, convertLiteLlm, isLiteLlmFile } from './convert-litellm.ts';
import { renderCatalog } from './render-catalog.ts';

const origin: CatalogOrigin = { source: 'test', license: 'MIT', date: '2026-01-02', sourceSha256: '0'.repeat(64) };
const chat = (fields: object = {}) => ({
  litellm_provider: 'openai',
  mode: 'chat',
  input_cost_per_token: 1.25e-6,
  output_cost_per_token: 1e-5,
  ...fields,
});
const convert = (file: Record<string, Record<string, unknown>>) => convertLiteLlm(file, origin);
const priceOf = (fields: object) => convert({ m: chat(fields) }).catalog.templates['openai']?.['m'];

describe("LiteLLM's file as a price catalog", () => {
  it('names models as their vendor does, below the templates that serve them', () => {
    const { catalog } = convert({
      'plain-a': chat(),
      'openai/plain-b': chat({ mode: 'responses' }),
      'azure/deployed': chat({ litellm_provider: 'azure' }),
      'azure_ai/other': chat({ litellm_provider: 'azure_ai' }),
      'maker.model-v1:0': chat({ litellm_provider: 'bedrock_converse' }),
      'eu.maker.model-v1:0': chat({ litellm_provider: 'bedrock' }),
      'gemini/bright': chat({ litellm_provider: 'gemini' }),
      'mistral/windy': chat({ litellm_provider: 'mistral', mode: 'completion' }),
      thoughtful: chat({ litellm_provider: 'anthropic' }),
    });
    const names = Object.entries(catalog.templates).map(([template, models]) => [template, Object.keys(models)]);
    expect(names).toEqual([
      ['anthropic', ['thoughtful']],
      ['awsbedrock', ['eu.maker.model-v1:0', 'maker.model-v1:0']],
      ['azure-openai', ['deployed']],
      ['azureai-foundry', ['deployed', 'other']],
      ['gemini', ['bright']],
      ['mistralai', ['windy']],
      ['openai', ['plain-a', 'plain-b']],
    ]);
  });

  it('leaves out what it cannot price, and says how much of it', () => {
    const { catalog, dropped } = convert({
      sample_spec: chat(),
      elsewhere: chat({ litellm_provider: 'somebody' }),
      picture: chat({ mode: 'image_generation' }),
      'azure/eu/regional': chat({ litellm_provider: 'azure' }),
      'bedrock/us-east-1/maker.model': chat({ litellm_provider: 'bedrock' }),
      unpriced: { litellm_provider: 'openai', mode: 'chat' },
      half: chat({ output_cost_per_token: undefined }),
      zeros: chat({ input_cost_per_token: 0, output_cost_per_token: 0 }),
      negative: chat({ input_cost_per_token: -1e-6 }),
      twice: chat(),
      'openai/twice': chat({ input_cost_per_token: 9e-6 }),
    });
    expect(catalog.templates).toEqual({
      openai: { twice: { inputPerMillion: 1_250_000, outputPerMillion: 10_000_000 } },
    });
    expect(dropped).toEqual({ otherVendor: 1, otherMode: 1, variant: 2, unpriced: 4, duplicate: 1 });
  });

  it("takes Foundry's own price before that of Azure OpenAI", () => {
    const { catalog, dropped } = convert({
      'azure/both': chat({ litellm_provider: 'azure', input_cost_per_token: 9e-6 }),
      'azure_ai/both': chat({ litellm_provider: 'azure_ai' }),
    });
    expect(catalog.templates['azureai-foundry']?.['both']?.inputPerMillion).toBe(1_250_000);
    expect(catalog.templates['azure-openai']?.['both']?.inputPerMillion).toBe(9_000_000);
    expect(dropped.duplicate).toBe(0);
  });

  it('reads every kind of token, and no price of another service tier', () => {
    expect(
      priceOf({
        cache_read_input_token_cost: 1.25e-7,
        cache_creation_input_token_cost: 3.75e-6,
        cache_creation_input_token_cost_above_1hr: 6e-6,
        output_cost_per_reasoning_token: 2e-5,
        input_cost_per_audio_token: 4e-5,
        output_cost_per_audio_token: 8e-5,
        input_cost_per_image_token: 2.5e-6,
        output_cost_per_image_token: 3e-5,
        input_cost_per_token_batches: 1,
        input_cost_per_token_priority: 1,
        cache_creation_input_token_cost_above_12hr: 1,
      }),
    ).toEqual({
      inputPerMillion: 1_250_000,
      outputPerMillion: 10_000_000,
      cachedInputPerMillion: 125_000,
      cacheWritePerMillion: 3_750_000,
      longCacheWritePerMillion: 6_000_000,
      reasoningPerMillion: 20_000_000,
      audioInputPerMillion: 40_000_000,
      audioOutputPerMillion: 80_000_000,
      imageInputPerMillion: 2_500_000,
      imageOutputPerMillion: 30_000_000,
    });
  });

  it('leaves out parts that cost what their whole costs', () => {
    expect(priceOf({ cache_read_input_token_cost: 1.25e-6, output_cost_per_reasoning_token: 1e-5 })).toEqual({
      inputPerMillion: 1_250_000,
      outputPerMillion: 10_000_000,
    });
  });

  it('makes tiers of prices above so many tokens, in which a kind that is not named keeps its price', () => {
    expect(
      priceOf({
        cache_read_input_token_cost: 1.25e-7,
        input_cost_per_audio_token: 4e-5,
        output_cost_per_reasoning_token: 1e-5,
        input_cost_per_token_above_272k_tokens: 5e-6,
        input_cost_per_token_above_200k_tokens: 2.5e-6,
        output_cost_per_token_above_200k_tokens: 1.5e-5,
        cache_read_input_token_cost_above_200k_tokens: 2.5e-7,
        cache_creation_input_token_cost_above_1hr_above_200k_tokens: 7e-6,
        input_cost_per_token_above_200k_tokens_priority: 1,
      })?.tiers,
    ).toEqual([
      {
        aboveInputTokens: 200_000,
        inputPerMillion: 2_500_000,
        outputPerMillion: 15_000_000,
        cachedInputPerMillion: 250_000,
        longCacheWritePerMillion: 7_000_000,
        audioInputPerMillion: 40_000_000,
      },
      {
        aboveInputTokens: 272_000,
        inputPerMillion: 5_000_000,
        outputPerMillion: 10_000_000,
        cachedInputPerMillion: 125_000,
        audioInputPerMillion: 40_000_000,
      },
    ]);
  });

  it('takes embeddings for free of output', () => {
    const embedding = { litellm_provider: 'openai', mode: 'embedding', input_cost_per_token: 2e-8 };
    expect(convert({ e: embedding }).catalog.templates).toEqual({
      openai: { e: { inputPerMillion: 20_000, outputPerMillion: 0 } },
    });
  });

  it('is a valid catalog whatever the file holds, and reads back from its text', () => {
    const names = fc.constantFrom(
      'litellm_provider',
      'mode',
      'input_cost_per_token',
      'output_cost_per_token',
      'cache_read_input_token_cost',
      'input_cost_per_token_above_200k_tokens',
      'input_cost_per_token_above_0k_tokens',
      'output_cost_per_token_above_999999k_tokens',
    );
    const values = fc.oneof(fc.constantFrom('openai', 'gemini', 'chat', 'embedding'), fc.double(), fc.jsonValue());
    const file = fc.dictionary(
      fc.string({ unit: 'grapheme' }),
      fc.dictionary(names, values).map((entry) => chat(entry)),
    );
    fc.assert(
      fc.property(file, (entries) => {
        const { catalog } = convert(entries);
        const parsed = PriceCatalog.parse(JSON.parse(renderCatalog(catalog)));
        expect(parsed).toEqual(JSON.parse(JSON.stringify(catalog)));
      }),
    );
  });

  it('is known by models that name their provider', () => {
    expect(isLiteLlmFile({ m: chat() })).toBe(true);
    for (const other of [null, [], {}, 'x', { m: 1 }, { m: {} }, { templates: { litellm_provider: 'x' } }]) {
      expect(isLiteLlmFile(other)).toBe(false);
    }
  });
});

describe('the text of a catalog', () => {
  it('has one model on each line', () => {
    const { catalog } = convert({ a: chat(), b: chat(), 'gemini/c': chat({ litellm_provider: 'gemini' }) });
    const lines = renderCatalog(catalog).split('\n');
    expect(lines.filter((line) => /^"[abc]":\{.*\},?$/.test(line))).toHaveLength(3);
  });
});
