/** Replaces the bytes from `start` up to `end` (exclusive). */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The body with its edits, which must be in order and not overlap; the same buffer when there are none. */
export function splice(body: Buffer, edits: readonly Edit[]): Buffer {
  if (edits.length === 0) return body;
  const parts: Buffer[] = [];
  let position = 0;
  for (const edit of edits) {
    parts.push(body.subarray(position, edit.start), Buffer.from(edit.text));
    position = edit.end;
  }
  parts.push(body.subarray(position));
  return Buffer.concat(parts);
}
