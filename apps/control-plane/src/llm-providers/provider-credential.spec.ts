import { describe, expect, it } from '@jest/globals';
import { LlmProviderSpec } from '@penstock/contracts';
import { withoutSecret } from './provider-credential.ts';

const spec = (auth?: object) =>
  LlmProviderSpec.parse({
    displayName: 'P',
    template: 'azure-openai',
    upstream: { url: 'http://x', apiVersion: '2024-10-21', ...(auth && { auth }) },
  });

describe('the spec of a provider as it is stored', () => {
  it('is what was written, without the secret', () => {
    const stored = withoutSecret(spec({ type: 'api-key', header: 'api-key', value: 'secret' }));
    expect(stored).toEqual(spec({ type: 'api-key', header: 'api-key' }));
    expect(withoutSecret(spec({ type: 'none' }))).toEqual(spec());
  });
});
