import type { Quarantine } from './quarantine.ts';

interface Fault {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

/** The part of a zod schema that is needed here. */
interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false; error: Fault };
}

/** Entities that are validated without a pause; some milliseconds. */
const STEP = 500;

/** Validates entities one by one; the bad ones go to quarantine and a repeated id counts as bad. Yields after each step. */
export function* parseEntities<T extends { readonly id: string }>(
  kind: string,
  entities: readonly unknown[],
  schema: Schema<T>,
  quarantine: Quarantine,
): Generator<void, T[]> {
  const parsed: T[] = [];
  const ids = new Set<string>();
  for (const [index, entity] of entities.entries()) {
    if (index % STEP === STEP - 1) yield;
    const result = schema.safeParse(entity);
    if (!result.success) {
      quarantine.add(kind, nameOf(entity, index), describe(result.error));
    } else if (ids.has(result.data.id)) {
      quarantine.add(kind, nameOf(entity, index), `another ${kind} has the id ${result.data.id}`);
    } else {
      ids.add(result.data.id);
      parsed.push(result.data);
    }
  }
  return parsed;
}

function nameOf(entity: unknown, index: number): string {
  if (typeof entity === 'object' && entity !== null && 'name' in entity) {
    if (typeof entity.name === 'string' && entity.name !== '') return entity.name;
  }
  return `#${index}`;
}

function describe(error: Fault): string {
  return error.issues.map((issue) => `${issue.path.map(String).join('.') || 'entity'}: ${issue.message}`).join('; ');
}
