import { describe, expect, it } from '@jest/globals';
import { familyOf, scenarioOf } from './scenario.ts';

describe('the name of a model', () => {
  it.each([
    ['sim-tools', 'sim-tools', ''],
    ['claude-opus-5-sim-parallel-tools', 'sim-parallel-tools', 'claude-opus-5-'],
    ['anthropic.claude-sonnet-4-5-v1:0/sim-text', 'sim-text', 'anthropic.claude-sonnet-4-5-v1:0/'],
    ['gpt-5.6-sim-error-rate-limit', 'sim-error-rate-limit', 'gpt-5.6-'],
    ['sim-error-mid-stream', 'sim-error-mid-stream', ''],
  ])('%s plays %s', (model, name, family) => {
    expect(scenarioOf(model)?.name).toBe(name);
    expect(familyOf(model)).toBe(family);
  });

  it.each(['gpt-4o', 'sim-unknown', 'slim-text', 'sim-', 'sim-text-2'])('%s plays nothing', (model) => {
    expect(scenarioOf(model)).toBeNull();
  });
});
