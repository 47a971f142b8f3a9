/** What a cell may hold; null is an empty cell. */
export type CsvCell = string | number | boolean | null;

/**
 * One line of CSV (RFC 4180), with its end. A text that a spreadsheet would take for a formula gets an apostrophe before it, as
 * OWASP's page on CSV injection advises; numbers stay as they are.
 */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(textOf).join(',')}\r\n`;
}

function textOf(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
