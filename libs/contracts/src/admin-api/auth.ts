import { z } from 'zod';

/** owner > admin > viewer: a viewer reads, an admin writes, an owner also manages users. */
export const Role = z.enum(['owner', 'admin', 'viewer']);
export type Role = z.infer<typeof Role>;

export const Password = z.string().min(12, 'must have at least 12 characters').max(256);

export const LoginRequest = z
  .strictObject({ email: z.email().max(254), password: z.string().min(1).max(256) })
  .meta({ id: 'LoginRequest' });

export const Session = z
  .object({
    user: z.object({ id: z.uuid(), email: z.string(), displayName: z.string(), role: Role }),
    /** To be sent as `x-csrf-token` on every write made with the session cookie. */
    csrfToken: z.string(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;

export const CreateUser = z
  .strictObject({ email: z.email().max(254), displayName: z.string().min(1).max(100), role: Role, password: Password })
  .meta({ id: 'CreateUser' });
export const UpdateUser = z
  .strictObject({ displayName: z.string().min(1).max(100), role: Role, password: Password, disabled: z.boolean() })
  .partial()
  .meta({ id: 'UpdateUser' });
export const User = z
  .object({
    id: z.uuid(),
    email: z.string(),
    displayName: z.string(),
    role: Role,
    disabled: z.boolean(),
    createdAt: z.iso.datetime(),
    lastLoginAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof User>;

export const CreateAdminToken = z
  .strictObject({
    name: z.string().min(1).max(100),
    role: Role.default('admin'),
    expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
  })
  .meta({ id: 'CreateAdminToken' });
export const AdminToken = z
  .object({
    id: z.uuid(),
    name: z.string(),
    role: Role,
    prefix: z.string(),
    /** The token; only in the answer that creates it. */
    token: z.string().optional(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
    lastUsedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'AdminToken' });
export type AdminToken = z.infer<typeof AdminToken>;
