import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { checkPolicies, policyFields } from './policy-attachment.ts';
import { checkParams } from './check-params.ts';
import { findPolicy } from './policy-catalogue.ts';
import type { PolicyDefinition } from './policy-definition.ts';
import { holdsReference } from './secret-reference.ts';

const definitionOf = (name: string): PolicyDefinition => {
  const definition = findPolicy(name);
  if (!definition) throw new Error(`no policy ${name}`);
  return definition;
};
const issuesOf = (name: string, params: unknown): string[] => [
  ...new Set(checkParams(definitionOf(name), params).issues.map(({ path }) => path.join('.'))),
];
const reference = '{{ env "PENSTOCK_SECRET_X" }}';

describe('A7: parameters that hold references', () => {
  it('A7: may have one wherever a number, a boolean or a text of some form is wanted', () => {
    expect(issuesOf('basic-ratelimit', { limits: [{ requests: reference, duration: '1m' }] })).toEqual([]);
    expect(issuesOf('basic-ratelimit', { limits: [{ requests: 10, duration: reference }] })).toEqual([]);
    expect(issuesOf('cors', { allowedOrigins: ['*'], allowCredentials: reference, maxAge: reference })).toEqual([]);
    expect(issuesOf('set-headers', { requestHeaders: [{ name: reference, value: 'x' }] })).toEqual([]);
    const list = [{ piiEntity: 'X', piiRegex: 'x' }];
    expect(issuesOf('pii-masking-regex', { customPIIEntities: [{ ...list[0], piiEntity: reference }] })).toEqual([]);
    expect(issuesOf('pii-masking-regex', { customPIIEntities: reference })).toEqual([]);
  });

  it('A7: have all other faults still', () => {
    expect(issuesOf('basic-ratelimit', { limits: [{ requests: reference, duration: 'soon' }] })).toEqual([
      'limits.0.duration',
    ]);
    expect(issuesOf('cors', { allowedOrigins: [], maxAge: reference })).toEqual(['allowedOrigins']);
    expect(issuesOf('set-headers', { requestHeaders: [{ name: '{{ name }}', value: reference }] })).toEqual([
      'requestHeaders.0.name',
    ]);
    expect(issuesOf('request-size', { maxBytes: reference, other: reference })).toEqual(['']);
  });

  it('A7: cannot name a provider by one', () => {
    const spec = z.object(policyFields).parse({
      policies: [{ name: 'model-router', params: { rules: [{ match: '*', provider: reference }] } }],
    });
    const { error } = z
      .unknown()
      .superRefine((_value, context) => checkPolicies(spec, new Set(['openai']), context))
      .safeParse(null);
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual(['policies.0.params.rules.0.provider']);
  });

  it('A7: are told from other text between double braces', () => {
    expect(['{{ secret "x" }}', 'a {{env `X`}}', '{{ secret \\"x\\" }}'].map(holdsReference)).toEqual([
      true,
      true,
      true,
    ]);
    expect(['{{ secret x }}', '{{ name }}', '{{ secrets "x" }}', '[[x]]'].map(holdsReference)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});
