import { Anchor, Box, Text } from '@mantine/core';
import { Link } from 'react-router';

interface NameCellProps {
  readonly name: string;
  readonly to: string;
  /** Below the name. */
  readonly detail?: string | undefined;
}

/** First cell of a row: the name as the link to the resource. */
export function NameCell({ name, to, detail }: NameCellProps) {
  return (
    <Box maw={260} miw={90}>
      <Anchor component={Link} to={to} fz="sm" fw={550} display="block" truncate title={name}>
        {name}
      </Anchor>
      {detail && detail !== name && (
        <Text fz="xs" c="dimmed" truncate title={detail}>
          {detail}
        </Text>
      )}
    </Box>
  );
}
