import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { policyFaults } from './policy-faults.ts';
import { TextPattern } from './text-pattern.ts';

describe('the faults of policies', () => {
  it('are conditions and regular expressions that cannot be read, each with its place', () => {
    const guard = (regex: string) => ({ request: { regex } });
    const faults = policyFaults({
      policies: [],
      globalPolicies: [
        { name: 'set-headers', version: 'v1', executionCondition: 'request..x', params: {} },
        { name: 'regex-guardrail', version: 'v1', params: guard('(?i)fine') },
      ],
      operationPolicies: [
        { name: 'regex-guardrail', version: 'v1', paths: [{ path: '/*', methods: ['*'], params: guard('(open') }] },
      ],
    });
    expect(faults.map(({ path }) => path)).toEqual([
      ['globalPolicies', 0, 'executionCondition'],
      ['operationPolicies', 0, 'paths', 0, 'params', 'request', 'regex'],
    ]);
    expect(faults[1]?.message).toMatch(/missing closing \)/);
  });

  it('C cors: are origins that begin as patterns do', () => {
    const params = { allowedOrigins: ['https://a.example', '^https://(open'] };
    const cors = { name: 'cors', version: 'v1', params };
    const faults = policyFaults({ policies: [], globalPolicies: [cors], operationPolicies: [] });
    expect(faults.map(({ path }) => path)).toEqual([['globalPolicies', 0, 'params', 'allowedOrigins', 1]]);
  });

  it('C jwt-auth: are keys that cannot be read', () => {
    const keys = (inline: unknown) => ({ keyManagers: [{ name: 'idp', jwks: { local: { inline } } }] });
    const faultsOf = (inline: unknown) =>
      policyFaults({
        policies: [],
        globalPolicies: [{ name: 'jwt-auth', version: 'v1', params: keys(inline) as never }],
        operationPolicies: [],
      }).map(({ path, message }) => [path.join('.'), message]);
    const at = 'globalPolicies.0.params.keyManagers.0.jwks.local.inline';
    const pem = '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----';
    expect(faultsOf(pem)).toEqual([[at, expect.any(String)]]);
    const secret = { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] };
    expect(faultsOf(secret)).toEqual([[at, 'holds no public key for signatures']]);
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(faultsOf({ keys: [publicKey.export({ format: 'jwk' })] })).toEqual([]);
    expect(faultsOf(publicKey.export({ format: 'pem', type: 'spki' }))).toEqual([]);
  });
});

describe('A7: policies that refer to secrets', () => {
  it('A7: have no faults where only a gateway knows what stands there', () => {
    const regex = (pattern: string) => ({
      name: 'regex-guardrail',
      version: 'v1',
      params: { request: { regex: pattern } },
    });
    const faults = (pattern: string) =>
      policyFaults({ policies: [regex(pattern)], globalPolicies: [], operationPolicies: [] });
    expect(faults('({{ secret "pattern" }}')).toEqual([]);
    expect(faults('({{ pattern }}')).toHaveLength(1);
  });
});

describe('A7: policies that refer to secrets', () => {
  it('A7: have no faults where only a gateway knows what stands there', () => {
    const regex = (pattern: string) => ({
      name: 'regex-guardrail',
      version: 'v1',
      params: { request: { regex: pattern } },
    });
    const faults = (pattern: string) =>
      policyFaults({ policies: [regex(pattern)], globalPolicies: [], operationPolicies: [] });
    expect(faults('({{ secret "pattern" }}')).toEqual([]);
    expect(faults('({{ pattern }}')).toHaveLength(1);
  });
});

describe('a text pattern', () => {
  it("reads Go's syntax and finds all matches", () => {
    expect(new TextPattern('(?i)secret\\s+\\d+').test('my SECRET 12')).toBe(true);
    expect(new TextPattern('[a-z]+@[a-z]+').matches('x a@b c d@e')).toEqual([
      { start: 2, end: 5, text: 'a@b' },
      { start: 8, end: 11, text: 'd@e' },
    ]);
  });

  it('takes linear time where others take for ever', () => {
    expect(new TextPattern('(a+)+$').test(`${'a'.repeat(50_000)}b`)).toBe(false);
  });
});
