import { describe, expect, it } from '@jest/globals';
import type { ConfigSnapshot, SnapshotOrganization, SnapshotProxy } from '@penstock/contracts';
import { diffSnapshots } from './diff-snapshots.ts';

const organization = (changes: Partial<SnapshotOrganization> = {}): SnapshotOrganization => ({
  id: '00000000-0000-7000-8000-000000000001',
  name: 'default',
  timeZone: 'UTC',
  limits: [],
  reseeded: true,
  ...changes,
});
const snapshot = (organizations: readonly SnapshotOrganization[]): ConfigSnapshot => ({
  schemaVersion: 1,
  revision: 1,
  publishedAt: '2026-01-01T00:00:00.000Z',
  organizations,
  providers: [],
  proxies: [],
  teams: [],
  virtualKeys: [],
});

describe('the difference of two snapshots', () => {
  it('tells what of an organization has changed, and nothing of one that has not', () => {
    const [utc, berlin] = [organization(), organization({ timeZone: 'Europe/Berlin' })];
    expect(diffSnapshots(snapshot([utc]), snapshot([utc]))).toEqual([]);
    expect(diffSnapshots(snapshot([utc]), snapshot([berlin]))).toEqual([
      { kind: 'Organization', name: 'default', change: 'changed', fields: ['timeZone'], before: utc, after: berlin },
    ]);
    expect(diffSnapshots(snapshot([]), snapshot([utc]))).toMatchObject([{ change: 'added', before: null }]);
  });

  it('A4: tells that what a proxy shows a provider has changed, and not what it is', () => {
    const proxy = (sealedValue: string): SnapshotProxy => ({
      id: '00000000-0000-7000-8000-000000000002',
      name: 'shop',
      organizationId: '00000000-0000-7000-8000-000000000001',
      context: '/shop',
      authentication: 'virtual-key',
      providers: [
        {
          providerId: '00000000-0000-7000-8000-000000000003',
          alias: 'lab',
          auth: { header: 'X-Key', sealedValue },
        },
      ],
      models: [],
      unsupportedParameters: 'lenient',
      policies: [],
      limits: [],
    });
    const withProxy = (sealedValue: string) => ({ ...snapshot([]), proxies: [proxy(sealedValue)] });
    const [difference] = diffSnapshots(withProxy('sealed-before'), withProxy('sealed-after'));
    expect(difference).toMatchObject({ kind: 'LlmProxy', change: 'changed', fields: ['providers'] });
    expect(JSON.stringify(difference)).not.toMatch(/sealed-(before|after)/);
  });
});
