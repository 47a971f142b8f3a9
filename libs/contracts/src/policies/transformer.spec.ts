import { describe, expect, it } from '@jest/globals';
import { LlmProxySpec } from '../resources/llm-proxy.ts';

const specWith = (transformer: unknown) =>
  LlmProxySpec.safeParse({
    displayName: 'Multi',
    provider: { id: 'openai-provider' },
    additionalProviders: [{ id: 'anthropic-provider', as: 'claude', transformer }],
  });
const messagesOf = (transformer: unknown) => specWith(transformer).error?.issues.map(({ message }) => message);

describe('A4: the transformer of an additional provider', () => {
  it('is a translation policy under either of its names', () => {
    for (const type of ['openai-to-anthropic', 'openai-to-anthropic-transformer']) {
      expect(specWith({ type, version: 'v1', params: { model: 'claude-x' } }).success).toBe(true);
    }
  });

  it.each([
    [{ version: 'v1' }, 'Transformer type is required'],
    [{ type: '', version: 'v1' }, 'Transformer type is required'],
    [{ type: 'openai-to-mistral' }, 'Transformer version is required'],
    [{ type: 'openai-to-mistral', version: '1.0' }, 'Transformer version must be major-only (e.g. v1)'],
    [{ type: 'openai-to-mistral', version: 'v7' }, "'openai-to-mistral' has no version v7"],
    [{ type: 'set-headers', version: 'v1' }, "unknown transformer 'set-headers'"],
  ])('%j is refused: %s', (transformer, message) => {
    expect(messagesOf(transformer)).toEqual([message]);
  });

  it('has its parameters checked where they stand', () => {
    const result = specWith({ type: 'openai-to-azure-openai', version: 'v1', params: { model: 'gpt-4o' } });
    expect(result.error?.issues[0]?.path).toEqual(['additionalProviders', 0, 'transformer', 'params', 'apiVersion']);
  });
});
