import type { JsonObject } from '@penstock/dialects';

/** An adapter's `readTokenCount` for a vendor that writes the count into this member. */
export function tokenCountReader(member: string) {
  return (answer: JsonObject): number | null => {
    const count = answer[member];
    return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : null;
  };
}
