import { Box, Skeleton, Table, VisuallyHidden, type MantineBreakpoint } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './data-table.module.css';

/** One column of a {@link DataTable}. */
export interface Column<Row> {
  readonly header: string;
  readonly render: (row: Row) => ReactNode;
  /** For figures. */
  readonly align?: 'right';
  /** Left out on narrower windows. */
  readonly visibleFrom?: MantineBreakpoint;
  /** The header is for screen readers only: a column of buttons. */
  readonly hideHeader?: boolean;
}

interface DataTableProps<Row> {
  /** What the table lists, for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  /** Undefined while loading. */
  readonly rows: readonly Row[] | undefined;
  readonly rowKey: (row: Row) => string;
  /** Shown instead of a table without rows. */
  readonly empty: ReactNode;
  /** Below the rows: sums. */
  readonly footer?: ReactNode;
}

/** A table with a loading state and an empty state; it scrolls sideways by itself when the window is narrow. */
export function DataTable<Row>({ label, columns, rows, rowKey, empty, footer }: DataTableProps<Row>) {
  if (rows?.length === 0) return <>{empty}</>;
  return (
    <div className={classes.scroll} role="region" aria-label={label} tabIndex={0}>
      <Table highlightOnHover={rows !== undefined} aria-label={label} aria-busy={rows === undefined}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column.header} {...cell(column)} scope="col" className={classes.header}>
                {column.hideHeader ? <VisuallyHidden>{column.header}</VisuallyHidden> : column.header}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows
            ? rows.map((row) => (
                <Table.Tr key={rowKey(row)}>
                  {columns.map((column) => (
                    <Table.Td key={column.header} {...cell(column)}>
                      {column.render(row)}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))
            : SKELETON_ROWS.map((row) => <SkeletonRow key={row} columns={columns} />)}
        </Table.Tbody>
        {footer && rows && <Table.Tfoot>{footer}</Table.Tfoot>}
      </Table>
    </div>
  );
}

const SKELETON_ROWS = [1, 2, 3, 4, 5];

function SkeletonRow<Row>({ columns }: { readonly columns: readonly Column<Row>[] }) {
  return (
    <Table.Tr>
      {columns.map((column) => (
        <Table.Td key={column.header} {...cell(column)}>
          <Box py={3}>
            <Skeleton height={14} width="70%" />
          </Box>
        </Table.Td>
      ))}
    </Table.Tr>
  );
}

function cell<Row>(column: Column<Row>) {
  return {
    ...(column.align ? { ta: column.align, className: classes.figure } : {}),
    ...(column.visibleFrom ? { visibleFrom: column.visibleFrom } : {}),
  };
}
