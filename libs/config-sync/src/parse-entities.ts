import type { EntityMemory } from './entity-memory.ts';
import type { Quarantine } from './quarantine.ts';

interface Fault {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

/** The part of a zod schema that is needed here. */
interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false; error: Fault };
}

/** What reading entities needs beside them. */
export interface ReadingTools {
  readonly quarantine: Quarantine;
  readonly memory: EntityMemory;
}

/** Entities that are read without a pause; a millisecond or less. */
const STEP = 16;

/**
 * Parses and validates entities one by one, but for those that `memory` knows; the bad ones go to quarantine and a repeated id
 * counts as bad. Yields after each step. Throws a SyntaxError when a text is no JSON.
 */
export function* parseEntities<T extends { readonly id: string }>(
  kind: string,
  texts: readonly string[],
  schema: Schema<T>,
  { quarantine, memory }: ReadingTools,
): Generator<void, T[]> {
  const parsed: T[] = [];
  const ids = new Set<string>();
  for (const [index, text] of texts.entries()) {
    if (index % STEP === STEP - 1) yield;
    // What is kept under a kind came from its schema.
    const entity =
      (memory.recall(kind, text) as T | undefined) ?? parseEntity(kind, { text, index }, schema, quarantine);
    if (!entity) continue;
    memory.note(kind, text, entity);
    if (ids.has(entity.id)) {
      quarantine.add(kind, nameOf(entity, index), `another ${kind} has the id ${entity.id}`);
    } else {
      ids.add(entity.id);
      parsed.push(entity);
    }
  }
  return parsed;
}

function parseEntity<T>(
  kind: string,
  { text, index }: { readonly text: string; readonly index: number },
  schema: Schema<T>,
  quarantine: Quarantine,
): T | undefined {
  const value: unknown = JSON.parse(text);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  quarantine.add(kind, nameOf(value, index), describe(result.error));
  return undefined;
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
