import { Group, Select } from '@mantine/core';
import { useMemo } from 'react';
import { timeZoneChoices } from '../../../lib/time-zones.ts';
import { FilterPills } from './filter-pills.tsx';
import { RangeFields } from './range-fields.tsx';
import { GROUPS, type UsageView } from './usage-range.ts';
import type { ChangeUsageView } from './use-usage-view.ts';

interface UsageToolbarProps {
  readonly view: UsageView;
  /** The organization's time zone, which holds until another one is chosen. */
  readonly defaultTimeZone: string;
  readonly onChange: ChangeUsageView;
}

/** Range, time zone, grouping and the filters in force. */
export function UsageToolbar({ view, defaultTimeZone, onChange }: UsageToolbarProps) {
  const { range, groupBy, filters } = view;
  const timeZone = view.timeZone ?? defaultTimeZone;
  return (
    <Group mb="lg" gap="sm" align="flex-end">
      <RangeFields range={range} timeZone={timeZone} onChange={onChange} />
      <Select
        aria-label="Group by"
        data={GROUPS.map(({ value, label }) => ({ value, label: `By ${label.toLowerCase()}` }))}
        value={groupBy}
        allowDeselect={false}
        w={150}
        onChange={(value) => value && onChange({ groupBy: value })}
      />
      <TimeZoneSelect value={timeZone} defaultTimeZone={defaultTimeZone} onChange={onChange} />
      <FilterPills filters={filters} onChange={onChange} />
    </Group>
  );
}

interface TimeZoneSelectProps extends Pick<UsageToolbarProps, 'defaultTimeZone' | 'onChange'> {
  readonly value: string;
}

function TimeZoneSelect({ value, defaultTimeZone, onChange }: TimeZoneSelectProps) {
  const choices = useMemo(() => timeZoneChoices(defaultTimeZone), [defaultTimeZone]);
  return (
    <Select
      aria-label="Time zone"
      data={choices}
      value={value}
      allowDeselect={false}
      searchable
      comboboxProps={{ keepMounted: false }}
      nothingFoundMessage="Nothing found"
      w={210}
      onChange={(zone) => zone && onChange({ timeZone: zone === defaultTimeZone ? null : zone })}
    />
  );
}
