import type { SnapshotEnvelope } from '@penstock/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EntityMemory } from './entity-memory.ts';
import { openEnvelope, openEnvelopeGradually, SnapshotRefusedError } from './open-envelope.ts';
import { encodeEnvelope, MAX_SNAPSHOT_BYTES, sealSnapshot, versionOfHead } from './seal-snapshot.ts';
import {
  keys,
  organization,
  otherKeys,
  provider,
  proxy,
  snapshot,
  team,
  uuid,
  virtualKey,
} from './testing/snapshot-fixture.ts';

function refusal(input: string | SnapshotEnvelope): SnapshotRefusedError {
  try {
    openEnvelope(input, keys);
  } catch (error) {
    if (error instanceof SnapshotRefusedError) return error;
    throw error;
  }
  throw new Error('the envelope was accepted');
}

/** An envelope of anything at all, rightly signed. */
const sealAnything = (value: object): SnapshotEnvelope => sealSnapshot(value as ReturnType<typeof snapshot>, keys);

describe('an envelope', () => {
  it('opens to the snapshot that was sealed, as text and parsed', () => {
    const sealed = sealSnapshot(snapshot(3), keys);
    const loaded = openEnvelope(encodeEnvelope(sealed), keys, 'file');
    expect(loaded).toEqual({ snapshot: snapshot(3), checksum: sealed.checksum, origin: 'file', quarantined: [] });
    expect(openEnvelope(sealed, keys).snapshot).toEqual(snapshot(3));
  });

  it('tells its version in its first bytes', () => {
    const sealed = sealSnapshot(snapshot(999_999_999_999), keys);
    const { revision, checksum } = sealed;
    expect(versionOfHead(encodeEnvelope(sealed).slice(0, 128))).toEqual({ revision, checksum });
    expect(versionOfHead('{"revision":1}')).toBeUndefined();
  });

  it('is refused when it was signed with another key', () => {
    expect(refusal(sealSnapshot(snapshot(3), otherKeys))).toMatchObject({
      revision: 3,
      message: expect.stringContaining('signature is wrong'),
    });
  });

  it('is refused when its revision, checksum, signature or body was changed', () => {
    const sealed = sealSnapshot(snapshot(3), keys);
    expect(refusal({ ...sealed, revision: 4 }).message).toContain('signature');
    expect(refusal({ ...sealed, checksum: 'a'.repeat(64) }).message).toContain('signature');
    expect(refusal({ ...sealed, signature: '' }).message).toContain('signature');
    expect(refusal({ ...sealed, body: sealed.body.replace('vllm', 'vlln') }).message).toContain('checksum');
    expect(refusal({ ...sealed, body: sealed.body.slice(0, -1) }).message).toContain('checksum');
  });

  it('is refused when the body is of another revision than the envelope', () => {
    const sealed = sealAnything({ ...snapshot(3), toJSON: () => snapshot(2) });
    expect(refusal(sealed).message).toContain('body is of revision 2');
  });

  it('is refused when the frame is of another format', () => {
    expect(refusal(sealAnything({ ...snapshot(3), schemaVersion: 2 }))).toMatchObject({
      revision: 3,
      message: expect.stringContaining('schemaVersion'),
    });
    expect(refusal(sealAnything({ ...snapshot(3), teams: undefined })).message).toContain('teams');
  });

  it('is refused when it is larger than 64 MiB, and is not published then', () => {
    expect(refusal('x'.repeat(MAX_SNAPSHOT_BYTES + 1)).message).toContain('bytes of at most');
    const large = { ...snapshot(3), providers: [provider(1, { baseUrl: 'x'.repeat(MAX_SNAPSHOT_BYTES) })] };
    expect(() => sealSnapshot(large, keys)).toThrow(RangeError);
  });

  it('is refused when an organization is invalid, for its limits hold for all that belongs to it', () => {
    const limits = [{ quota: 'q', id: 'q/tokens/year', limit: { unit: 'tokens', window: 'year', max: 1 } }];
    expect(refusal(sealAnything({ ...snapshot(3), organizations: [{ ...organization(), limits }] }))).toMatchObject({
      revision: 3,
      message: expect.stringMatching(/organization default is invalid: limits\.0\.limit\.window/),
    });
  });

  it('may come from a release that knew no organizations, key limits or limits of models', () => {
    const { organizations: _, ...old } = snapshot(3);
    const { keyLimits: __, ...oldTeam } = team(1);
    const loaded = openEnvelope(sealAnything({ ...old, teams: [oldTeam] }), keys);
    expect(loaded).toMatchObject({ snapshot: snapshot(3, { organizations: [] }), quarantined: [] });
  });

  it('is refused, never an exception of another kind, whatever the text', () => {
    const text = encodeEnvelope(sealSnapshot(snapshot(3), keys));
    const cut = fc.nat({ max: text.length - 1 }).map((length) => text.slice(0, length));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), cut), (input) => {
        expect(refusal(input)).toBeInstanceOf(SnapshotRefusedError);
      }),
    );
  });
});

describe('a poisoned entity', () => {
  it('is left out, with its kind, name and reason, and the rest is served', () => {
    const poisoned = {
      ...snapshot(3),
      providers: [provider(1), { ...provider(2), maxConnections: -1 }, null],
      proxies: [proxy(1), { ...proxy(2), surprise: true }],
      teams: [team(1), { ...team(2), suspended: 'no' }],
      virtualKeys: [virtualKey(1), { ...virtualKey(2), secrets: [] }, 7],
    };
    const loaded = openEnvelope(sealAnything(poisoned), keys);
    expect(loaded.snapshot).toEqual(snapshot(3));
    expect(loaded.quarantined.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'LlmProvider provider-2',
      'LlmProvider #2',
      'Team team-2',
      'LlmProxy proxy-2',
      'VirtualKey key-2',
      'VirtualKey #2',
    ]);
    expect(loaded.quarantined[0]?.reason).toContain('maxConnections');
    expect(Math.max(...loaded.quarantined.map(({ reason }) => reason.length))).toBeLessThanOrEqual(500);
  });

  it('takes what cannot work without it along', () => {
    const loaded = openEnvelope(
      sealAnything({
        ...snapshot(3),
        providers: [provider(1), { ...provider(2), dialect: 'klingon' }],
        proxies: [proxy(1), proxy(2, { providers: [{ providerId: provider(2).id, alias: 'primary' }] })],
        teams: [team(1), { ...team(2), limits: 'none' }],
        virtualKeys: [virtualKey(1), virtualKey(2, { teamId: team(2).id })],
      }),
      keys,
    );
    expect(loaded.snapshot).toEqual(snapshot(3));
    expect(loaded.quarantined.slice(2)).toEqual([
      { kind: 'LlmProxy', name: 'proxy-2', reason: 'its primary provider primary is missing' },
      { kind: 'VirtualKey', name: 'key-2', reason: 'its team is missing' },
    ]);
  });

  it('costs a proxy only the additional provider, its targets and the models without any target left', () => {
    const gone = { providerId: uuid(77), alias: 'gone' };
    const target = (providerId: string) => ({ providerId, model: 'small', weight: 1, priority: 0 });
    const mixed = proxy(1, {
      providers: [{ providerId: provider(1).id, alias: 'primary' }, gone],
      models: [
        { name: 'smart', targets: [target(gone.providerId), target(provider(1).id)] },
        { name: 'lost', targets: [target(gone.providerId)] },
      ],
    });
    const loaded = openEnvelope(sealSnapshot(snapshot(3, { proxies: [mixed] }), keys), keys);
    expect(loaded.snapshot.proxies).toEqual([
      {
        ...mixed,
        providers: mixed.providers.slice(0, 1),
        models: [{ name: 'smart', targets: [target(provider(1).id)] }],
      },
    ]);
    expect(loaded.quarantined.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'LlmProxyProvider proxy-1/gone',
      'LlmProxyModel proxy-1/lost',
    ]);
  });

  it('may not share its id, context or secret with an earlier one', () => {
    const loaded = openEnvelope(
      sealSnapshot(
        snapshot(3, {
          providers: [provider(1), provider(2, { id: provider(1).id })],
          proxies: [proxy(1), proxy(2, { context: '/proxy-1' })],
          virtualKeys: [virtualKey(1), virtualKey(2, { secrets: virtualKey(1).secrets })],
        }),
        keys,
      ),
      keys,
    );
    expect(loaded.snapshot).toEqual(snapshot(3));
    expect(loaded.quarantined.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'LlmProvider provider-2',
      'LlmProxy proxy-2',
      'VirtualKey key-2',
    ]);
  });

  it('may not refer to what belongs to another organization', () => {
    const foreign = { organizationId: uuid(2) };
    const loaded = openEnvelope(
      sealSnapshot(snapshot(3, { proxies: [proxy(1, foreign)], virtualKeys: [virtualKey(1, foreign)] }), keys),
      keys,
    );
    expect(loaded.snapshot.proxies).toEqual([]);
    expect(loaded.snapshot.virtualKeys).toEqual([]);
  });
});

describe('a large snapshot', () => {
  it('of 10,000 keys and 1,000 proxies opens in well under a second, and lets others run meanwhile', async () => {
    const range = (length: number) => Array.from({ length }, (_, index) => index + 1);
    const large = snapshot(3, {
      proxies: range(1_000).map((n) => proxy(n)),
      virtualKeys: range(10_000).map((n) => virtualKey(n)),
    });
    const text = encodeEnvelope(sealSnapshot(large, keys));
    // Time on a CPU: what else the machine does is no fault of this.
    const before = process.cpuUsage();
    const loaded = openEnvelope(text, keys);
    const { user, system } = process.cpuUsage(before);
    const tookMs = (user + system) / 1_000;
    expect(loaded.snapshot).toEqual(large);
    expect(tookMs).toBeLessThan(1_000);

    let turns = 0;
    const counting = setInterval(() => (turns += 1), 0);
    const gradually = await openEnvelopeGradually(text, keys, { origin: 'redis' });
    clearInterval(counting);
    expect(gradually).toEqual(loaded);
    expect(turns).toBeGreaterThan(5);
  }, 30_000);
});

describe('an envelope that is opened with what is known of the one before', () => {
  const open = async (value: ReturnType<typeof snapshot>, memory: EntityMemory) =>
    (await openEnvelopeGradually(encodeEnvelope(sealSnapshot(value, keys)), keys, { memory })).snapshot;

  it('has the same objects where the text is the same, and others where it is not', async () => {
    const memory = new EntityMemory();
    const proxies = [proxy(1), proxy(2)];
    const before = await open(snapshot(3, { proxies }), memory);
    const after = await open(snapshot(4, { proxies: [proxy(1), proxy(2, { context: '/other' })] }), memory);
    expect(after.proxies[0]).toBe(before.proxies[0]);
    expect(after.virtualKeys[0]).toBe(before.virtualKeys[0]);
    expect(after.organizations[0]).toBe(before.organizations[0]);
    expect(after.proxies[1]).toMatchObject({ context: '/other' });
    expect(before.proxies[1]).toMatchObject({ context: '/proxy-2' });
  });

  it('checks references anew: a proxy that is the same loses what its providers lose', async () => {
    const memory = new EntityMemory();
    const providers = [provider(1), provider(2)];
    const both = proxy(1, { providers: providers.map(({ id, name }) => ({ providerId: id, alias: name })) });
    await open(snapshot(3, { providers, proxies: [both] }), memory);
    const without = await open(snapshot(4, { providers: [provider(1)], proxies: [both] }), memory);
    expect(without.proxies[0]?.providers).toHaveLength(1);
    const again = await open(snapshot(5, { providers, proxies: [both] }), memory);
    expect(again.proxies[0]).toEqual(both);
  });

  it('equals one that is opened without, whatever is invalid in it', async () => {
    const memory = new EntityMemory();
    const some = fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom('/a', '/b', 7)), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.array(some, { minLength: 1, maxLength: 5 }), async (revisions) => {
        for (const [index, drawn] of revisions.entries()) {
          const proxies = drawn.map(([number, context]) => proxy(number, { context: context as string }));
          const text = encodeEnvelope(sealAnything(snapshot(index + 1, { proxies })));
          const known = await openEnvelopeGradually(text, keys, { origin: 'redis', memory });
          expect(known).toEqual(openEnvelope(text, keys));
        }
      }),
    );
  });

  it('keeps nothing of a snapshot that was refused', async () => {
    const memory = new EntityMemory();
    await open(snapshot(3, { providers: [], proxies: [] }), memory);
    const noted: string[] = [];
    const note = memory.note.bind(memory);
    memory.note = (kind, text, entity) => {
      noted.push(text);
      note(kind, text, entity);
    };
    const refused = sealAnything({ ...snapshot(4), virtualKeys: 7 });
    await expect(openEnvelopeGradually(encodeEnvelope(refused), keys, { origin: 'redis', memory })).rejects.toThrow();
    const broken = sealAnything({ ...snapshot(5), organizations: [...snapshot(5).organizations, { id: 'x' }] });
    await openEnvelopeGradually(encodeEnvelope(broken), keys, { origin: 'redis', memory }).catch(() => undefined);
    expect(noted.length).toBeGreaterThan(0);
    await open(snapshot(6, { organizations: [], providers: [], proxies: [], teams: [], virtualKeys: [] }), memory);
    for (const text of noted) {
      for (const kind of ['Organization', 'LlmProvider', 'LlmProxy', 'Team', 'VirtualKey']) {
        expect(memory.recall(kind, text)).toBeUndefined();
      }
    }
  });

  it('forgets what the last snapshot did not have', async () => {
    const memory = new EntityMemory();
    const before = await open(snapshot(3), memory);
    await open(snapshot(4, { proxies: [] }), memory);
    const after = await open(snapshot(5), memory);
    expect(after.proxies[0]).toEqual(before.proxies[0]);
    expect(after.proxies[0]).not.toBe(before.proxies[0]);
  });
});
