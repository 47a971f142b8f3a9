import { Group, Pill, SegmentedControl, Select, Text, TextInput } from '@mantine/core';
import { localDateTime } from '../../../lib/local-date-time.ts';
import { boundsOf, GROUPS, PRESETS, type UsageView } from './usage-range.ts';

interface UsageToolbarProps {
  readonly view: UsageView;
  /** Changes parameters of the URL; null removes one. */
  readonly onChange: (changes: Readonly<Record<string, string | null>>) => void;
}

const RANGES = [...PRESETS.map(({ value, label }) => ({ value, label })), { value: 'custom', label: 'Custom' }];

/** Range, grouping and the filters in force. */
export function UsageToolbar({ view, onChange }: UsageToolbarProps) {
  const { range, groupBy, filters } = view;
  const chooseRange = (value: string) => {
    if (value !== 'custom') return onChange({ range: value, from: null, to: null });
    return onChange({ ...boundsOf(range, Date.now()), range: null });
  };
  return (
    <Group mb="lg" gap="sm" align="flex-end">
      <SegmentedControl aria-label="Range" data={RANGES} value={range.preset} onChange={chooseRange} />
      {range.preset === 'custom' && <CustomRange from={range.from} to={range.to} onChange={onChange} />}
      <Select
        aria-label="Group by"
        data={GROUPS.map(({ value, label }) => ({ value, label: `By ${label.toLowerCase()}` }))}
        value={groupBy}
        allowDeselect={false}
        w={150}
        onChange={(value) => value && onChange({ groupBy: value })}
      />
      {GROUPS.map(({ value, label }) => {
        const name = filters[value];
        if (!name) return null;
        return (
          <Pill
            key={value}
            size="lg"
            withRemoveButton
            onRemove={() => onChange({ [value]: null })}
            removeButtonProps={{
              'aria-label': `Remove filter ${label.toLowerCase()} ${name}`,
              tabIndex: 0,
              'aria-hidden': false,
            }}
          >
            {label}: {name}
          </Pill>
        );
      })}
    </Group>
  );
}

interface CustomRangeProps extends Pick<UsageToolbarProps, 'onChange'> {
  readonly from: string;
  readonly to: string;
}

function CustomRange({ from, to, onChange }: CustomRangeProps) {
  const change = (name: 'from' | 'to', local: string) => {
    if (local) onChange({ from, to, [name]: new Date(local).toISOString() });
  };
  return (
    <Group gap="xs" align="center">
      <TextInput
        aria-label="From"
        type="datetime-local"
        value={localDateTime(new Date(from))}
        max={localDateTime(new Date(to))}
        onChange={(event) => change('from', event.currentTarget.value)}
      />
      <Text fz="sm" c="dimmed">
        to
      </Text>
      <TextInput
        aria-label="To"
        type="datetime-local"
        value={localDateTime(new Date(to))}
        min={localDateTime(new Date(from))}
        onChange={(event) => change('to', event.currentTarget.value)}
      />
    </Group>
  );
}
