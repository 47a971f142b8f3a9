import type { Json } from './turn/sample-from-schema.ts';

/** A text as it is, anything else as JSON; nothing is the empty text. */
export function textFrom(value: Json | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
