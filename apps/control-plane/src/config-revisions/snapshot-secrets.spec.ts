import { describe, expect, it } from '@jest/globals';
import type { SnapshotProvider } from '@penstock/contracts';
import { snapshotSecrets } from './snapshot-secrets.ts';

const provider = (id: string, organizationId: string) => ({ id, organizationId }) as SnapshotProvider;
const secret = (name: string, organizationId: string) => ({
  id: `${organizationId}-${name}`,
  organizationId,
  name,
  sealedValue: 'sealed',
});

describe('A7: the secrets of a snapshot', () => {
  it('A7: are those that its providers name in their own organization, each once', () => {
    const rows = {
      credentials: [
        { providerId: 'p1', sealedValue: '', secretNames: ['shared', 'own', 'missing'] },
        { providerId: 'p2', sealedValue: '', secretNames: ['shared'] },
        { providerId: 'undeployed', sealedValue: '', secretNames: ['unused'] },
        { providerId: 'p3', sealedValue: '' },
      ],
      secrets: [
        secret('shared', 'a'),
        secret('own', 'a'),
        secret('unused', 'a'),
        secret('shared', 'b'),
        secret('own', 'b'),
      ],
    };
    const providers = [provider('p1', 'a'), provider('p2', 'b'), provider('p3', 'a')];
    expect(snapshotSecrets(rows, providers).map(({ id }) => id)).toEqual(['a-shared', 'a-own', 'b-shared']);
    expect(snapshotSecrets({ credentials: rows.credentials }, providers)).toEqual([]);
  });
});
