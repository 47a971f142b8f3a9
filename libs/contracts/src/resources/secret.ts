import { z } from 'zod';
import { manifestOf, ResourceStatus, resourceOf } from './metadata.ts';

/** Most characters that the value of a secret has. */
export const MAX_SECRET_LENGTH = 10_240;

/** A value that other documents name as `{{ secret "name" }}`. `value` is write-only: no read ever returns it. */
export const SecretSpec = z
  .strictObject({
    displayName: z.string().min(1).max(253).optional(),
    description: z.string().max(1024).optional(),
    /** Required at first; left out of an update, the stored one stays. */
    value: z.string().min(1).max(MAX_SECRET_LENGTH).optional(),
  })
  .meta({ id: 'SecretSpec' });
export type SecretSpec = z.infer<typeof SecretSpec>;

export const SecretStatus = ResourceStatus.extend({
  /** What may be known of the value: equal values have equal fingerprints. */
  value: z.object({ fingerprint: z.string(), updatedAt: z.iso.datetime() }),
}).meta({ id: 'SecretStatus' });

export const SecretManifest = manifestOf('Secret', SecretSpec);
export type SecretManifest = z.infer<typeof SecretManifest>;
export const Secret = resourceOf('Secret', SecretSpec, SecretStatus);
export type Secret = z.infer<typeof Secret>;
