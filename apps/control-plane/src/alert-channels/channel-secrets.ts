import { randomBytes } from 'node:crypto';
import type { AlertChannelSpec } from '@penstock/contracts';
import { type DerivedKeys, openCredential, sealCredential } from '@penstock/secrets';
import { z } from 'zod';
import { AdminError, invalidField } from '../common/admin-error.ts';

/** What of a channel is never shown. */
export interface ChannelSecrets {
  readonly url?: string | undefined;
  /** `whsec_` and base64. */
  readonly signingSecret?: string | undefined;
}

const Sealed = z.object({ url: z.string().optional(), signingSecret: z.string().optional() });
const SIGNING_SECRET_BYTES = 32;

/** To which channel sealed secrets belong; they cannot be opened as those of another one. */
export interface ChannelOwner {
  readonly organizationId: string;
  readonly id: string;
}

/** The text that is stored. */
export function sealChannelSecrets(secrets: ChannelSecrets, keys: DerivedKeys, owner: ChannelOwner): string {
  return sealCredential(JSON.stringify(secrets), keys, ownerOf(owner));
}

/** The secrets of a stored channel; none for e-mail. Throws `CredentialError` under another master key. */
export function openChannelSecrets(sealed: string | null, keys: DerivedKeys, owner: ChannelOwner): ChannelSecrets {
  if (sealed === null) return {};
  return Sealed.parse(JSON.parse(openCredential(sealed, keys, ownerOf(owner))));
}

function ownerOf({ organizationId, id }: ChannelOwner) {
  return { organizationId, providerId: `alert-channel:${id}` };
}

/** What a write makes of the secrets. */
export interface DecidedSecrets {
  readonly secrets: ChannelSecrets;
  /** The signing secret that the server has made in this write. */
  readonly created?: string;
}

/**
 * The secrets after a write: what the spec says, else what is stored. The URL is needed at first, and again when the type
 * changes: another kind of receiver is another address. Throws the 400 or the 422.
 */
export function decideSecrets(
  spec: AlertChannelSpec,
  stored: { readonly type: AlertChannelSpec['type']; readonly secrets: ChannelSecrets } | undefined,
): DecidedSecrets {
  if (spec.type === 'email') return { secrets: {} };
  const kept = stored?.type === spec.type ? stored.secrets : {};
  const url = spec.url ?? kept.url;
  if (url === undefined) throw stored === undefined ? invalidField('spec.url', 'is required') : urlRequired();
  if (spec.type === 'slack') return { secrets: { url } };
  const signingSecret = spec.signingSecret ?? kept.signingSecret;
  if (signingSecret !== undefined) return { secrets: { url, signingSecret } };
  const created = `whsec_${randomBytes(SIGNING_SECRET_BYTES).toString('base64')}`;
  return { secrets: { url, signingSecret: created }, created };
}

function urlRequired(): AdminError {
  const errors = [{ field: 'spec.url', message: 'is required when the type changes' }];
  return new AdminError('secret_required', 'Another type of channel needs its URL to be entered.', { errors });
}

/** The spec as it is stored and shown. */
export function withoutSecrets(spec: AlertChannelSpec): AlertChannelSpec {
  if (spec.type === 'email') return spec;
  const { url: _url, ...rest } = spec;
  if (rest.type === 'slack') return rest;
  const { signingSecret: _signingSecret, ...shown } = rest;
  return shown;
}
