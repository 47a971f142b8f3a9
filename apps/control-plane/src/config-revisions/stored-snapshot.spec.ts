import { describe, expect, it } from '@jest/globals';
import { readStoredSnapshot } from './stored-snapshot.ts';

describe('the snapshot of a stored revision', () => {
  it('of an earlier release gets what it lacks, and loses nothing', () => {
    const model = { id: 'm', upstreamModel: 'm' };
    const body = {
      schemaVersion: 1,
      providers: [
        { name: 'p', models: [model] },
        { name: 'any', models: null },
      ],
      proxies: [{ name: 'x' }],
      teams: [{ name: 't', limits: [] }],
      virtualKeys: [],
    };
    expect(readStoredSnapshot(JSON.stringify(body))).toEqual({
      ...body,
      organizations: [],
      providers: [
        { name: 'p', models: [{ ...model, profile: {}, limits: [] }] },
        { name: 'any', models: null },
      ],
      teams: [{ name: 't', limits: [], keyLimits: [] }],
    });
  });

  it('of this release is as it was stored', () => {
    const limits = [{ quota: 'q', id: 'q/cost/day', limit: { unit: 'cost', window: 'day', max: 1, mode: 'enforce' } }];
    const body = {
      organizations: [{ name: 'default', timeZone: 'UTC', limits }],
      providers: [{ name: 'p', models: [{ id: 'm', upstreamModel: 'm', profile: { prefill: false }, limits }] }],
      teams: [{ name: 't', limits: [], keyLimits: limits }],
    };
    expect(readStoredSnapshot(JSON.stringify(body))).toEqual(body);
  });
});
