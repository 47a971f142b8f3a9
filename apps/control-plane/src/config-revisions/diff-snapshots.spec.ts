import { describe, expect, it } from '@jest/globals';
import type { ConfigSnapshot, SnapshotOrganization } from '@penstock/contracts';
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
});
