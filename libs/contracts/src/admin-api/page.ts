import { z } from 'zod';

/** Query of every list. `cursor` is opaque: pass back `nextCursor`. */
export const PageQuery = z
  .object({
    limit: z.coerce.number().int().min(1).max(500).default(50),
    cursor: z.string().max(512).optional(),
    q: z.string().max(200).optional(),
    sort: z
      .string()
      .regex(
        /^-?(name|createdAt|updatedAt)$/,
        "must be 'name', 'createdAt' or 'updatedAt', with '-' before it to reverse",
      )
      .default('name'),
  })
  .meta({ id: 'PageQuery' });
export type PageQuery = z.infer<typeof PageQuery>;

export function pageOf<Item extends z.ZodType>(id: string, item: Item) {
  return z.object({ items: z.array(item), total: z.int(), nextCursor: z.string().nullable() }).meta({ id });
}
