import { describe, expect, it } from '@jest/globals';
import type { AlertChannel } from '@penstock/contracts';
import { channelSchema, draftOfChannel, NEW_CHANNEL, type ChannelDraft } from './channel-draft.ts';

const draft = (spec: Partial<ChannelDraft['spec']>, urlStored = false): ChannelDraft => ({
  metadata: { name: 'ops', labels: {}, annotations: {} },
  spec: { ...NEW_CHANNEL.spec, ...spec },
  urlStored,
});
const pathsOf = (value: ChannelDraft) => channelSchema.safeParse(value).error?.issues.map(({ path }) => path.join('.'));

describe('the form of a channel', () => {
  it('sends what its type has, and leaves out what is empty', () => {
    const url = 'https://hooks.example.com/alerts';
    expect(channelSchema.parse(draft({ url })).spec).toEqual({ type: 'webhook', url, enabled: true });
    expect(channelSchema.parse(draft({ type: 'slack', url, kinds: ['reconciliation'] })).spec).toEqual({
      type: 'slack',
      url,
      kinds: ['reconciliation'],
      enabled: true,
    });
    expect(channelSchema.parse(draft({ type: 'email', url, to: ['ops@example.com'], enabled: false })).spec).toEqual({
      type: 'email',
      to: ['ops@example.com'],
      enabled: false,
    });
  });

  it('reports what is missing or odd at its field', () => {
    expect(pathsOf(draft({}))).toEqual(['spec.url']);
    expect(pathsOf(draft({ type: 'email' }))).toEqual(['spec.to']);
    expect(pathsOf(draft({ type: 'email', to: ['nobody'] }))).toEqual(['spec.to.0']);
    expect(pathsOf(draft({ url: 'https://a.example', signingSecret: 'short' }))).toEqual(['spec.signingSecret']);
  });

  it('keeps a stored URL and secret where nothing is typed', () => {
    const saved: AlertChannel = {
      apiVersion: 'penstock.dev/v1',
      kind: 'AlertChannel',
      metadata: { name: 'ops', labels: {}, annotations: {} },
      spec: { type: 'webhook', enabled: true, displayName: 'Operations' },
      status: {
        id: '1',
        createdAt: '2026-01-01T00:00:00Z',
        updatedAt: '2026-01-01T00:00:00Z',
        target: 'https://hooks.example.com',
        lastDelivery: null,
      },
    };
    expect(channelSchema.parse(draftOfChannel(saved)).spec).toEqual(saved.spec);
  });
});
