import { Badge, Box, Group, Progress, Text } from '@mantine/core';
import { isLedgerLimit, type Limit, type LimitStatus } from '@penstock/contracts';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { formatCost } from '../../../lib/format-cost.ts';
import { formatCount } from '../../../lib/format-number.ts';
import { formatDateTimeIn } from '../../../lib/format-time.ts';
import { describeLimit } from './describe-limit.ts';
import { setAsideOf } from './set-aside.ts';

interface LimitBarProps {
  readonly limit: LimitStatus;
  /** The organization's, which days, weeks and months go by. */
  readonly timeZone: string;
  /** Whether the line below says what the limit is attached to; not where a heading says it. */
  readonly withSubject?: boolean;
}

/** How much of a limit is used right now: spent or held by running requests, and set aside by gateways. */
export function LimitBar({ limit, timeZone, withSubject = true }: LimitBarProps) {
  const { unit, max, used, remaining, quota, subject, mode } = limit;
  const shape = shapeOf(limit);
  const text = describeLimit({ ...shape, max, alignment: limit.alignment ?? undefined });
  const amount = unit === 'cost' ? formatCost : formatCount;
  const aside = setAsideOf(limit);
  const percent = (part: number) => (max === 0 ? 100 : Math.min(100, (part / max) * 100));
  const share = percent(used);
  return (
    <Box role="group" aria-label={`${quota}: ${text} on ${subject}`}>
      <Group justify="space-between" gap="xs" mb={4}>
        <Group gap={6}>
          <Text fz="sm" fw={500}>
            {text}
          </Text>
          {mode === 'shadow' && (
            <Badge variant="default" fw={450} size="sm">
              only counted
            </Badge>
          )}
        </Group>
        <Text fz="sm" c="dimmed" className="tabular">
          {amount(used)} used{aside > 0 && `, ${amount(aside)} set aside`}, {amount(remaining)} left
        </Text>
      </Group>
      <Progress.Root size="sm">
        <Progress.Section value={share} color={colorOf(share, mode)} aria-label={`Used of ${quota}: ${text}`} />
        {aside > 0 && (
          <Progress.Section
            value={Math.min(100 - share, percent(aside))}
            color="gray.5"
            aria-label={`Set aside by gateways of ${quota}: ${text}`}
          />
        )}
      </Progress.Root>
      <Text fz="xs" c="dimmed" mt={4}>
        {withSubject && `${quota} on ${subject}${limit.resetsAt ? ', ' : ''}`}
        <Reset limit={limit} timeZone={timeZone} begins={!withSubject} />
      </Text>
    </Box>
  );
}

interface ResetProps extends Pick<LimitBarProps, 'limit' | 'timeZone'> {
  /** Whether the line begins here. */
  readonly begins: boolean;
}

function Reset({ limit, timeZone, begins }: ResetProps) {
  const { resetsAt, alignment } = limit;
  if (!resetsAt) return null;
  const rolling = alignment === 'rolling';
  const words = begins ? ['Empty', 'Resets'] : ['empty', 'resets'];
  const calendar = isLedgerLimit(shapeOf(limit)) && !rolling;
  return (
    <>
      {rolling ? words[0] : words[1]} <RelativeTime iso={resetsAt} />
      {calendar && ` (${formatDateTimeIn(resetsAt, timeZone)})`}
    </>
  );
}

function shapeOf({ unit, window }: LimitStatus) {
  return { unit: unit as Limit['unit'], window: (window ?? undefined) as Limit['window'] };
}

function colorOf(share: number, mode: LimitStatus['mode']): string {
  if (mode === 'shadow') return 'indigo.5';
  if (share >= 95) return 'red';
  return share >= 75 ? 'yellow' : 'penstock.6';
}
