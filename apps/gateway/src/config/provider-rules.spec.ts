import { describe, expect, it } from '@jest/globals';
import { compileAccess, ProviderPaths } from '@penstock/policies';
import { ProviderRules } from './provider-rules.ts';

const rulesOf = (mode: 'allow_all' | 'deny_all', ...exceptions: readonly string[]) =>
  new ProviderRules(
    compileAccess({ mode, exceptions: exceptions.map((path) => ({ path, methods: ['*'] })) }),
    () => null,
    { paths: new ProviderPaths(['https://api.example/v1'], 'openai'), written: exceptions },
  );

describe('ProviderRules of what is relayed', () => {
  it('A5.5: lets through what access control does', () => {
    const rules = rulesOf('allow_all', '/files/{id}', '/images/*');
    const allowed = (method: string, path: string) => rules.ofRelay(method, path).allowed;
    expect(allowed('GET', '/files')).toBe(true);
    expect(allowed('GET', '/files/a')).toBe(false);
    expect(allowed('GET', '/v1/files/a')).toBe(false);
    expect(allowed('POST', '/images/edits')).toBe(false);
    expect(allowed('HEAD', '/files')).toBe(false);
  });

  it('A5.5: sees no difference in case where it would let something through', () => {
    const closed = rulesOf('allow_all', '/files/{id}', '/images/*');
    expect(['/Files/a', '/FILES/a', '/Images/edits'].map((path) => closed.ofRelay('GET', path).allowed)).toEqual([
      false,
      false,
      false,
    ]);
    const open = rulesOf('deny_all', '/v1beta/cachedContents/{id}');
    expect(open.ofRelay('GET', '/v1beta/cachedContents/aBc').allowed).toBe(true);
    expect(open.ofRelay('GET', '/v1beta/cachedcontents/aBc').allowed).toBe(false);
  });

  it('says of which path that is', () => {
    expect(rulesOf('allow_all').ofRelay('GET', '/files/a').path).toBe('/files/a');
  });
});
