import { z } from 'zod';
import { invalidField } from '../common/admin-error.ts';

/** Where a page ended: the value that it is sorted by, and the id that breaks ties. */
export interface PagePosition {
  readonly value: string;
  readonly id: string;
}

const Position = z.tuple([z.string().max(300), z.string().max(128)]);

/** The opaque text that a client sends back. */
export function encodeCursor({ value, id }: PagePosition): string {
  return Buffer.from(JSON.stringify([value, id])).toString('base64url');
}

/** Throws the 400 for what no page ever gave out. */
export function decodeCursor(cursor: string): PagePosition {
  try {
    const [value, id] = Position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return { value, id };
  } catch {
    throw invalidField('cursor', 'is not a cursor of this list');
  }
}

/** A text to search for as it stands: `%`, `_` and `\` lose their meaning for LIKE. */
export function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, String.raw`\$&`);
}
