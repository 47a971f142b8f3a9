import { Box, Group, SegmentedControl, Text, TextInput } from '@mantine/core';
import { instantTyped, zonedDateTime } from '../../../lib/local-date-time.ts';
import { boundsOf, PRESETS, type UsageRange } from './usage-range.ts';
import type { ChangeUsageView } from './use-usage-view.ts';

interface RangeFieldsProps {
  readonly range: UsageRange;
  /** In which times are typed. */
  readonly timeZone: string;
  readonly onChange: ChangeUsageView;
}

const RANGES = [...PRESETS.map(({ value, label }) => ({ value, label })), { value: 'custom', label: 'Custom' }];

/** A range that ends now, or two times. */
export function RangeFields({ range, timeZone, onChange }: RangeFieldsProps) {
  const chooseRange = (value: string) => {
    if (value !== 'custom') return onChange({ range: value, from: null, to: null });
    return onChange({ ...boundsOf(range, Date.now()), range: null });
  };
  return (
    <>
      <Box maw="100%" style={{ overflowX: 'auto' }}>
        <SegmentedControl aria-label="Range" data={RANGES} value={range.preset} onChange={chooseRange} />
      </Box>
      {range.preset === 'custom' && (
        <CustomRange from={range.from} to={range.to} timeZone={timeZone} onChange={onChange} />
      )}
    </>
  );
}

interface CustomRangeProps extends Omit<RangeFieldsProps, 'range'> {
  readonly from: string;
  readonly to: string;
}

function CustomRange({ from, to, timeZone, onChange }: CustomRangeProps) {
  const change = (name: 'from' | 'to', typed: string) => {
    if (typed) onChange({ from, to, [name]: instantTyped(typed, timeZone) });
  };
  return (
    <Group gap="xs" align="center">
      <TextInput
        aria-label="From"
        type="datetime-local"
        value={zonedDateTime(from, timeZone)}
        max={zonedDateTime(to, timeZone)}
        onChange={(event) => change('from', event.currentTarget.value)}
      />
      <Text fz="sm" c="dimmed">
        to
      </Text>
      <TextInput
        aria-label="To"
        type="datetime-local"
        value={zonedDateTime(to, timeZone)}
        min={zonedDateTime(from, timeZone)}
        onChange={(event) => change('to', event.currentTarget.value)}
      />
    </Group>
  );
}
