import { AlertChannelManifest, type AlertChannel, type AlertChannelSpec, type AlertKind } from '@penstock/contracts';
import { z } from 'zod';

/** What the form of a channel holds, whatever its type; empty texts for what is left out. */
export interface ChannelDraft {
  readonly metadata: AlertChannelManifest['metadata'];
  readonly spec: {
    readonly type: AlertChannelSpec['type'];
    readonly displayName: string;
    /** Empty keeps the stored one. */
    readonly url: string;
    /** Empty keeps the stored one, or lets the server make one. */
    readonly signingSecret: string;
    readonly to: readonly string[];
    /** Empty for every kind. */
    readonly kinds: readonly AlertKind[];
    readonly enabled: boolean;
  };
  /** Whether a URL is stored, so that none has to be typed. */
  readonly urlStored: boolean;
}

/** An empty form. */
export const NEW_CHANNEL: ChannelDraft = {
  metadata: { name: '', labels: {}, annotations: {} },
  spec: { type: 'webhook', displayName: '', url: '', signingSecret: '', to: [], kinds: [], enabled: true },
  urlStored: false,
};

/** The form of a saved channel; its URL and its secret stay where they are. */
export function draftOfChannel({ metadata, spec, status }: AlertChannel): ChannelDraft {
  const { type, displayName = '', kinds = [], enabled } = spec;
  const to = spec.type === 'email' ? spec.to : [];
  return {
    metadata,
    spec: { ...NEW_CHANNEL.spec, type, displayName, kinds, enabled, to },
    urlStored: status.target !== null,
  };
}

/** Checks a draft with the admin API's own schema and turns it into the document to send. */
export const channelSchema = z
  .custom<ChannelDraft>()
  .superRefine(({ spec, urlStored }, context) => {
    if (spec.type === 'email' || urlStored || spec.url.trim()) return;
    context.addIssue({ code: 'custom', path: ['spec', 'url'], message: 'Enter the URL to send alerts to.' });
  })
  .transform(manifestOf)
  .pipe(AlertChannelManifest);

function manifestOf({ metadata, spec }: ChannelDraft): z.input<typeof AlertChannelManifest> {
  const { displayName, kinds, enabled, type } = spec;
  const url = spec.url.trim();
  const signingSecret = spec.signingSecret.trim();
  const common = {
    enabled,
    ...(displayName ? { displayName } : {}),
    ...(kinds.length > 0 ? { kinds: [...kinds] } : {}),
  };
  if (type === 'email') return { metadata, spec: { ...common, type, to: [...spec.to] } };
  if (type === 'slack') return { metadata, spec: { ...common, type, ...(url ? { url } : {}) } };
  return {
    metadata,
    spec: { ...common, type, ...(url ? { url } : {}), ...(signingSecret ? { signingSecret } : {}) },
  };
}
