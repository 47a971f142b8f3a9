/** One column of a table. */
export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  /** Numbers stand to the right. */
  readonly align?: 'right';
}

/** Control characters, which could do something to a terminal. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;

/** Rows below their titles, columns two blanks apart. Names come from elsewhere: control characters become `?`. */
export function renderTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ value }) => value(row).replace(CONTROL, '?'))),
  ];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0)));
  return cells
    .map(
      (line) =>
        `${line
          .map((cell, index) => padded(cell, widths[index] ?? 0, columns[index]?.align))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function padded(cell: string, width: number, align: 'right' | undefined): string {
  return align === 'right' ? cell.padStart(width) : cell.padEnd(width);
}
