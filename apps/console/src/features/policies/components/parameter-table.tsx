import { Code, Text } from '@mantine/core';
import type { PolicyDescription } from '@penstock/contracts';
import { DataTable, type Column } from '../../../components/data-table.tsx';
import { parameterSchema } from './json-schema.ts';
import { LiteralText } from './literal-text.tsx';
import { parameterRows, type ParameterRow } from './parameter-rows.ts';

/** The parameters of a policy: what each may be, and what it is where it is left out. */
export function ParameterTable({ policy }: { readonly policy: PolicyDescription }) {
  return (
    <DataTable
      label="Parameters"
      columns={COLUMNS}
      rows={parameterRows(parameterSchema(policy))}
      rowKey={({ path }) => path}
      empty={
        <Text fz="sm" c="dimmed">
          It has no parameters.
        </Text>
      }
    />
  );
}

const COLUMNS: readonly Column<ParameterRow>[] = [
  { header: 'Parameter', render: ({ path }) => <Code>{path}</Code> },
  {
    header: 'Values',
    render: ({ values, description }) => (
      <>
        <Text fz="sm">{values}</Text>
        {description && (
          <Text fz="xs" c="dimmed">
            <LiteralText text={description} />
          </Text>
        )}
      </>
    ),
  },
  {
    header: 'Default',
    render: ({ required, fallback }) => {
      if (required) return 'required';
      return fallback === undefined ? '–' : <Code>{fallback}</Code>;
    },
  },
];
