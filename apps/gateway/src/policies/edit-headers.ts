import type { HeaderList } from '../http/write-response.ts';

/** Sets and takes off headers of a list of names and values in turn. Names of `edits` are in lower case. */
export function editHeaders(headers: HeaderList, edits: ReadonlyMap<string, string | null>): void {
  for (let index = headers.length - 2; index >= 0; index -= 2) {
    if (edits.has((headers[index] ?? '').toLowerCase())) headers.splice(index, 2);
  }
  for (const [name, value] of edits) if (value !== null) headers.push(name, value);
}
