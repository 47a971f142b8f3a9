import { describe, expect, it } from '@jest/globals';
import { ReferencedSecrets } from '../config/referenced-secrets.ts';
import { asWanted } from './wanted-types.ts';
import { createPolicy, type PolicyCompileServices } from './create-policy.ts';
import type { HeadCall } from './policy.ts';
import { factoryOf } from './policy-registry.ts';

const VALUES: Record<string, string> = {
  PENSTOCK_SECRET_BYTES: '1000',
  PENSTOCK_SECRET_FLAG: 'true',
  PENSTOCK_SECRET_WORDY: 'many-and-secret',
  PENSTOCK_SECRET_LINES: 'a\nb',
};
const secrets = new ReferencedSecrets([{ id: 's', organizationId: 'o', name: 'token', sealedValue: 'sk-token-4711' }], {
  open: (sealed) => sealed,
  env: (name) => VALUES[name],
});
const owner = { organizationId: 'o', proxyId: 'p', proxyName: 'p', place: '' };
const create = (name: string, params: object, organizationId = 'o') =>
  createPolicy(name, params, { ...owner, organizationId }, {
    secrets,
    now: () => 0,
  } as unknown as PolicyCompileServices);
const env = (name: string) => `{{ env "PENSTOCK_SECRET_${name}" }}`;

describe('A7: a policy whose parameters refer to secrets', () => {
  it('A7: runs with their values', () => {
    const params = { requestHeaders: [{ name: 'x-token', value: 'Bearer {{ secret "token" }}' }] };
    const call = { upstreamHeaders: new Map(), answerHeaders: new Map() } as unknown as HeadCall;
    const policy = create('set-headers', params);
    void policy.onHead?.(call);
    expect(call.upstreamHeaders.get('x-token')).toBe('Bearer sk-token-4711');
    expect([...secrets.revealed]).toContain('sk-token-4711');
    expect(params.requestHeaders[0]?.value).toContain('{{ secret');
  });

  it('A7: has numbers and booleans where its schema wants them, and text where it wants text', () => {
    const call = { maxBodyBytes: Infinity, context: { request: { headers: {} } } } as HeadCall;
    void create('request-size', { maxBytes: env('BYTES') }).onHead?.(call);
    expect(call.maxBodyBytes).toBe(1_000);
    expect([...secrets.revealed]).not.toContain('1000');
    const cors = factoryOf('cors');
    if (!cors) throw new Error('no cors');
    const params = { allowedOrigins: ['1000'], allowCredentials: 'true', maxAge: ' 1000 ' };
    const rendered = [['allowedOrigins', 0], ['allowCredentials'], ['maxAge']];
    expect(asWanted(cors, params, rendered)).toEqual({
      allowedOrigins: ['1000'],
      allowCredentials: true,
      maxAge: 1_000,
    });
    // Only what came of a reference is converted.
    expect(asWanted(cors, params, [['maxAge']])).toMatchObject({ allowCredentials: 'true' });
  });

  it.each([
    [
      'set-headers',
      { requestHeaders: [{ name: 'x', value: '{{ secret "none" }}' }] },
      /requestHeaders\.0\.value: the secret 'none' does not exist$/,
    ],
    [
      'set-headers',
      { requestHeaders: [{ name: 'x', value: env('LINES') }] },
      /once its references are resolved: requestHeaders\.0\.value$/,
    ],
    ['request-size', { maxBytes: env('WORDY') }, /once its references are resolved: maxBytes$/],
    ['regex-guardrail', { request: { regex: `(${env('WORDY')}` } }, /cannot be run once its references are resolved$/],
    ['request-size', { maxBytes: '1000' }, /wrong parameters: maxBytes Invalid input/],
  ])('A7: %s is refused with its reason and without a value: %j', (name, params, message) => {
    expect(() => create(name, params)).toThrow(message);
    expect(() => create(name, params)).not.toThrow('many-and-secret');
  });

  it("A7: cannot reach another organization's secrets", () => {
    const params = { requestHeaders: [{ name: 'x', value: '{{ secret "token" }}' }] };
    expect(() => create('set-headers', params, 'other')).toThrow("the secret 'token' does not exist");
  });

  it('A7: keeps other text between double braces', () => {
    const text = 'Hello {{ name }}, [[who]] and {{ secret }}';
    const params = { templates: [{ name: 't', template: text }] };
    expect(() => create('prompt-template', params)).not.toThrow();
    const call = { upstreamHeaders: new Map(), answerHeaders: new Map() } as unknown as HeadCall;
    const policy = create('set-headers', { requestHeaders: [{ name: 'x', value: text }] });
    void policy.onHead?.(call);
    expect(call.upstreamHeaders.get('x')).toBe(text);
  });
});
