import { z } from 'zod';

/** A short list that is given whole. */
export function listOf<Item extends z.ZodType>(id: string, item: Item) {
  return z.object({ items: z.array(item) }).meta({ id });
}
