import { z } from 'zod';

/** Body of every refusal of the management API. */
export const AdminErrorBody = z
  .object({
    status: z.literal('error'),
    code: z.string(),
    message: z.string(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })),
    requestId: z.string(),
  })
  .meta({ id: 'AdminErrorBody' });
export type AdminErrorBody = z.infer<typeof AdminErrorBody>;
