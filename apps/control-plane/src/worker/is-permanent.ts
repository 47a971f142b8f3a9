/**
 * Whether a database error comes from what an event contains, so that trying again cannot help: SQLSTATE classes 22 (data
 * exception) and 23 (integrity violation). Prisma wraps the driver's error once or twice.
 */
export function isPermanent(error: unknown): boolean {
  const states = sqlStates(error, 4);
  return states.some((state) => /^2[23][0-9A-Z]{3}$/.test(state));
}

const FIELDS = ['code', 'originalCode', 'cause', 'meta', 'driverAdapterError'];

function sqlStates(value: unknown, depth: number): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth === 0) return [];
  const fields = value as Readonly<Record<string, unknown>>;
  return FIELDS.flatMap((field) => sqlStates(fields[field], depth - 1));
}
