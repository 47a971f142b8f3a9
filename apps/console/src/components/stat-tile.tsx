import { Paper, Skeleton, Text } from '@mantine/core';
import type { ReactNode } from 'react';

interface StatTileProps {
  readonly label: string;
  /** Undefined while loading. */
  readonly value: string | undefined;
  /** The value without rounding, for a tooltip. */
  readonly exact?: string | undefined;
  readonly detail?: ReactNode;
}

/** One figure with its name. */
export function StatTile({ label, value, exact, detail }: StatTileProps) {
  return (
    <Paper p="md" bg="var(--penstock-surface)" role="group" aria-label={label}>
      <Text fz="xs" c="dimmed" fw={550}>
        {label}
      </Text>
      {value === undefined ? (
        <Skeleton height={26} width="60%" mt={6} mb={4} />
      ) : (
        <Text fz={24} fw={650} lh={1.35} c="bright" className="tabular" title={exact} lts="-0.01em">
          {value}
        </Text>
      )}
      <Text fz="xs" c="dimmed" mih={18}>
        {detail}
      </Text>
    </Paper>
  );
}
