import { describe, expect, it } from '@jest/globals';
import { DESCRIBED_POLICIES } from '../../../testing/policy-catalogue.test.ts';
import { parameterSchema } from './json-schema.ts';
import { parameterRows } from './parameter-rows.ts';

const rowsOf = (policy: string) =>
  parameterRows(parameterSchema(DESCRIBED_POLICIES.find(({ name }) => name === policy) ?? { parameters: {} }));

describe('the table of parameters', () => {
  it('has those inside of lists and objects behind what they stand in', () => {
    expect(rowsOf('llm-header-router').map(({ path, required, fallback }) => [path, required, fallback])).toEqual([
      ['headerName', false, 'x-provider'],
      ['defaultProvider', false, undefined],
      ['mappings', true, undefined],
      ['mappings[].headerValue', true, undefined],
      ['mappings[].provider', true, undefined],
    ]);
    expect(rowsOf('word-count-guardrail').find(({ path }) => path === 'request.min')?.values).toBe(
      'whole number, 0 to 1,000,000,000',
    );
  });

  it('has those of every alternative once', () => {
    const paths = rowsOf('prompt-decorator').map(({ path }) => path);
    expect(paths).toContain('promptDecoratorConfig.text');
    expect(paths).toContain('promptDecoratorConfig.messages[].role');
    expect(new Set(paths).size).toBe(paths.length);
  });
});
