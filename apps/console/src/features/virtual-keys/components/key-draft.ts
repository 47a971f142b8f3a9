import { VirtualKeyManifest, type VirtualKey } from '@penstock/contracts';
import { z } from 'zod';
import { localDateTime } from '../../../lib/local-date-time.ts';

/** What the key form holds. No proxy or model chosen means all of them. */
export interface KeyDraft {
  readonly metadata: VirtualKeyManifest['metadata'];
  readonly spec: Omit<VirtualKeyManifest['spec'], 'expiresAt' | 'displayName'> & {
    readonly displayName: string;
    /** As a `datetime-local` input has it, in the viewer's time zone; empty for never. */
    readonly expiresAt: string;
  };
}

const ALL = '*';

/** An empty form. */
export const NEW_KEY: KeyDraft = {
  metadata: { name: '', labels: {}, annotations: {} },
  spec: {
    displayName: '',
    team: 'default',
    proxies: [],
    models: [],
    quotas: [],
    expiresAt: '',
    ipAllowList: [],
    enabled: true,
  },
};

/** The form of a saved key. */
export function draftOfKey({ metadata, spec }: VirtualKey): KeyDraft {
  return {
    metadata,
    spec: {
      ...spec,
      displayName: spec.displayName ?? '',
      proxies: spec.proxies.filter((proxy) => proxy !== ALL),
      models: spec.models.filter((model) => model !== ALL),
      expiresAt: spec.expiresAt ? localDateTime(new Date(spec.expiresAt)) : '',
    },
  };
}

/** Checks a draft with the admin API's own schema and turns it into the document to send. */
export const keySchema = z.custom<KeyDraft>().transform(manifestOf).pipe(VirtualKeyManifest);

function manifestOf({ metadata, spec }: KeyDraft): z.input<typeof VirtualKeyManifest> {
  const { displayName, expiresAt, proxies, models, ...rest } = spec;
  return {
    metadata,
    spec: {
      ...rest,
      ...(displayName ? { displayName } : {}),
      proxies: proxies.length > 0 ? [...proxies] : [ALL],
      models: models.length > 0 ? [...models] : [ALL],
      expiresAt: expiresAt ? new Date(expiresAt).toISOString() : null,
    },
  };
}
