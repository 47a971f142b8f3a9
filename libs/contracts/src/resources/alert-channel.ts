import { z } from 'zod';
import { BaseUrl } from './llm-provider.ts';
import { manifestOf, ResourceStatus, resourceOf } from './metadata.ts';

/** What an alert is about. */
export const AlertKind = z.enum(['limit-threshold', 'unknown-price', 'reconciliation']);
export type AlertKind = z.infer<typeof AlertKind>;

const common = {
  displayName: z.string().min(1).max(253).optional(),
  /** Which alerts it gets; all where it is left out. */
  kinds: z.array(AlertKind).min(1).optional(),
  enabled: z.boolean().default(true),
};

/** Where alerts go. `url` and `signingSecret` are write-only: no read ever returns them. */
export const AlertChannelSpec = z
  .discriminatedUnion('type', [
    /** Signed as Standard Webhooks says (`webhook-id`, `webhook-timestamp`, `webhook-signature`), HMAC-SHA256. */
    z.strictObject({
      ...common,
      type: z.literal('webhook'),
      url: BaseUrl.optional(),
      /** `whsec_` and base64 of 24 to 64 bytes; made by the server where it is left out, and shown once. */
      signingSecret: z
        .string()
        .max(100)
        .regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, "must be 'whsec_' and base64 of 24 to 64 bytes")
        .optional(),
    }),
    /** Slack's incoming webhooks, and what is compatible with them (Mattermost, Rocket.Chat, Discord's /slack). */
    z.strictObject({ ...common, type: z.literal('slack'), url: BaseUrl.optional() }),
    /** By the SMTP server that the operator has set. */
    z.strictObject({ ...common, type: z.literal('email'), to: z.array(z.email().max(254)).min(1).max(20) }),
  ])
  .meta({ id: 'AlertChannelSpec' });
export type AlertChannelSpec = z.infer<typeof AlertChannelSpec>;

export const AlertChannelStatus = ResourceStatus.extend({
  /** The URL without its path, for recognition; null for e-mail. */
  target: z.string().nullable(),
  /** Only in the answer to the write that made the server create it. */
  signingSecret: z.string().optional(),
  lastDelivery: z
    .object({ at: z.iso.datetime(), state: z.enum(['delivered', 'failed']), error: z.string().nullable() })
    .nullable(),
}).meta({ id: 'AlertChannelStatus' });

export const AlertChannelManifest = manifestOf('AlertChannel', AlertChannelSpec);
export type AlertChannelManifest = z.infer<typeof AlertChannelManifest>;
export const AlertChannel = resourceOf('AlertChannel', AlertChannelSpec, AlertChannelStatus);
export type AlertChannel = z.infer<typeof AlertChannel>;
