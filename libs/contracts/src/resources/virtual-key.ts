import { z } from 'zod';
import { manifestOf, ResourceName, ResourceStatus, resourceOf } from './metadata.ts';
import { QuotaReferences } from './quota.ts';

const Selection = z.array(z.string().min(1).max(255)).max(1000);

const Cidr = z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()], { error: 'must be an IP address or a CIDR range' });

/** A key that Penstock issues to callers. `*` stands for every proxy or model. */
export const VirtualKeySpec = z
  .strictObject({
    displayName: z.string().min(1).max(253).optional(),
    team: ResourceName.default('default'),
    /** Empty only where the key is an API key of a provider. */
    proxies: Selection.default(['*']),
    models: Selection.min(1, 'name at least one model, or *').default(['*']),
    quotas: QuotaReferences,
    expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
    ipAllowList: z.array(Cidr).max(100).default([]),
    enabled: z.boolean().default(true),
  })
  .meta({ id: 'VirtualKeySpec' });
export type VirtualKeySpec = z.infer<typeof VirtualKeySpec>;

export const VirtualKeyState = z.enum(['active', 'disabled', 'expired', 'revoked']);

export const VirtualKeyStatus = ResourceStatus.extend({
  state: VirtualKeyState,
  prefix: z.string(),
  lastFour: z.string(),
  /** The secret; only in the answer that creates or rotates the key. */
  key: z.string().optional(),
  revokedAt: z.iso.datetime().nullable(),
  /** When the previous secret of a rotated key stops working. */
  previousExpiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable(),
}).meta({ id: 'VirtualKeyStatus' });

export const VirtualKeyManifest = manifestOf('VirtualKey', VirtualKeySpec);
export type VirtualKeyManifest = z.infer<typeof VirtualKeyManifest>;
export const VirtualKey = resourceOf('VirtualKey', VirtualKeySpec, VirtualKeyStatus);
export type VirtualKey = z.infer<typeof VirtualKey>;

export const RotateVirtualKey = z
  .strictObject({ graceSeconds: z.int().min(0).max(604_800).default(0) })
  .meta({ id: 'RotateVirtualKey' });
