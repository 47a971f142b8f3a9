import { Pill } from '@mantine/core';
import { GROUPS, type UsageFilters } from './usage-range.ts';
import type { ChangeUsageView } from './use-usage-view.ts';

interface FilterPillsProps {
  readonly filters: UsageFilters;
  readonly onChange: ChangeUsageView;
}

/** The filters in force, each with a button that lifts it. */
export function FilterPills({ filters, onChange }: FilterPillsProps) {
  return GROUPS.map(({ value, label }) => {
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
  });
}
