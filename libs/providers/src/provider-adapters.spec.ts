import { describe, expect, it } from '@jest/globals';
import { Dialect } from '@penstock/contracts';
import { defaultProfile } from '@penstock/dialects';
import { adapterFor, providerAdapters } from './provider-adapters.ts';

describe('adapterFor', () => {
  it('finds the adapter of a built-in template', () => {
    for (const [template, adapter] of providerAdapters) expect(adapterFor(template, 'openai-chat')).toBe(adapter);
  });

  it.each(Dialect.options)("serves an admin's own template of dialect %s in this dialect", (dialect) => {
    const profile = { ...defaultProfile(dialect), chatDialect: dialect };
    expect(adapterFor('my-server', dialect).dialectFor('chat', profile)).toBe(dialect);
  });
});
