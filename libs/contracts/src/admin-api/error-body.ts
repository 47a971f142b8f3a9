import { z } from 'zod';

/** Body of every refusal of the management API. */
export const AdminErrorBody = z
  .object({
    status: z.literal('error'),
    code: z.string(),
    message: z.string(),
    errors: z.array(
      z.object({
        field: z.string(),
        message: z.string(),
        /** Where many documents were sent: which one is at fault, and its place from 0. */
        document: z.object({ index: z.int(), kind: z.string(), name: z.string() }).optional(),
      }),
    ),
    requestId: z.string(),
  })
  .meta({ id: 'AdminErrorBody' });
export type AdminErrorBody = z.infer<typeof AdminErrorBody>;
