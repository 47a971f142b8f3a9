import { describe, expect, it } from '@jest/globals';
import type { SnapshotPolicy } from '@penstock/contracts';
import { snapshotSecrets } from './snapshot-secrets.ts';

const provider = (id: string, organizationId: string) => ({ id, organizationId });
const secret = (name: string, organizationId: string) => ({
  id: `${organizationId}-${name}`,
  organizationId,
  name,
  sealedValue: 'sealed',
});

describe('A7: the secrets of a snapshot', () => {
  it('A7: are those that its providers and proxies name in their own organization, each once', () => {
    const rows = {
      credentials: [
        { providerId: 'p1', sealedValue: '', secretNames: ['shared', 'own', 'missing'] },
        { providerId: 'p2', sealedValue: '', secretNames: ['shared'] },
        { providerId: 'undeployed', sealedValue: '', secretNames: ['unused'] },
        { providerId: 'p3', sealedValue: '' },
      ],
      proxyCredentials: [
        { proxyId: 'x1', alias: 'p1', providerId: 'p1', sealedValue: '', secretNames: ['hop'] },
        { proxyId: 'x1', alias: 'p3', providerId: 'p3', sealedValue: '', secretNames: ['other-hop'] },
        { proxyId: 'undeployed', alias: 'p1', providerId: 'p1', sealedValue: '', secretNames: ['unused'] },
      ],
      secrets: [
        secret('shared', 'a'),
        secret('own', 'a'),
        secret('unused', 'a'),
        secret('hop', 'a'),
        secret('other-hop', 'a'),
        secret('shared', 'b'),
        secret('own', 'b'),
      ],
    };
    const providers = [provider('p1', 'a'), provider('p2', 'b'), provider('p3', 'a')];
    const proxies = [provider('x1', 'a')];
    const ids = snapshotSecrets(rows, { providers, proxies }).map(({ id }) => id);
    expect(ids).toEqual(['a-shared', 'a-own', 'a-hop', 'a-other-hop', 'b-shared']);
    expect(snapshotSecrets({ credentials: rows.credentials }, { providers, proxies })).toEqual([]);
  });

  it('A7: are also those that policies name, at whatever path', () => {
    const text = (name: string) => ({ value: `x {{ secret "${name}" }}` });
    const policy = (params: SnapshotPolicy['params'], paths: SnapshotPolicy['paths']): SnapshotPolicy => ({
      name: 'set-headers',
      condition: null,
      params,
      paths,
    });
    const path = { path: '/*', methods: ['*'], params: { list: [text('deep')] } };
    const governed = { ...provider('x1', 'a'), policies: [policy(text('shared'), null), policy({}, [path])] };
    const secrets = [secret('shared', 'a'), secret('deep', 'a'), secret('unused', 'a'), secret('shared', 'b')];
    const rows = { credentials: [], secrets };
    expect(snapshotSecrets(rows, { providers: [], proxies: [governed] }).map(({ id }) => id)).toEqual([
      'a-shared',
      'a-deep',
    ]);
    expect(snapshotSecrets(rows, { providers: [governed], proxies: [] })).toHaveLength(2);
    const broken = { ...governed, policies: [policy({ text: '{{ secret "shared" | nonsense }}' }, null)] };
    expect(snapshotSecrets(rows, { providers: [], proxies: [broken] })).toEqual([]);
  });
});
