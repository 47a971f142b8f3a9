import { Text, Tooltip } from '@mantine/core';
import { formatExactTime, formatRelativeTime } from '../lib/format-time.ts';
import { useNow } from '../lib/use-now.ts';

interface RelativeTimeProps {
  readonly iso: string | null;
  /** Text where there is no time. */
  readonly none?: string;
}

/** `3 minutes ago`, with the exact time in a tooltip. */
export function RelativeTime({ iso, none = 'never' }: RelativeTimeProps) {
  const now = useNow();
  if (!iso) {
    return (
      <Text span fz="inherit" c="dimmed">
        {none}
      </Text>
    );
  }
  return (
    <Tooltip label={formatExactTime(iso)}>
      <time dateTime={iso} style={{ whiteSpace: 'nowrap' }}>
        {formatRelativeTime(iso, now)}
      </time>
    </Tooltip>
  );
}
