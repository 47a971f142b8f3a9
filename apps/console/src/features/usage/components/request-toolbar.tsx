import { Button, Group, Select, TextInput } from '@mantine/core';
import { IconFilterPlus, IconRefresh } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { FilterPills } from './filter-pills.tsx';
import { RangeFields } from './range-fields.tsx';
import { GROUPS, OUTCOMES, type UsageView } from './usage-range.ts';
import type { ChangeUsageView } from './use-usage-view.ts';

interface RequestToolbarProps {
  readonly view: UsageView;
  readonly timeZone: string;
  readonly onChange: ChangeUsageView;
  readonly onRefresh: () => void;
  readonly refreshing: boolean;
}

/** Range and filters of single requests. */
export function RequestToolbar({ view, timeZone, onChange, onRefresh, refreshing }: RequestToolbarProps) {
  return (
    <Group mb="lg" gap="sm" align="flex-end">
      <RangeFields range={view.range} timeZone={timeZone} onChange={onChange} />
      <AddFilter onChange={onChange} />
      <Select
        aria-label="Outcome"
        placeholder="Every outcome"
        data={[...OUTCOMES]}
        value={view.outcome ?? null}
        clearable
        clearButtonProps={{ 'aria-label': 'Clear outcome' }}
        w={170}
        onChange={(outcome) => onChange({ outcome })}
      />
      <Button
        variant="default"
        leftSection={<IconRefresh size={16} aria-hidden />}
        loading={refreshing}
        onClick={onRefresh}
      >
        Refresh
      </Button>
      <FilterPills filters={view.filters} onChange={onChange} />
    </Group>
  );
}

function AddFilter({ onChange }: Pick<RequestToolbarProps, 'onChange'>) {
  const [by, setBy] = useState<string>(GROUPS[0].value);
  const [name, setName] = useState('');
  const label = GROUPS.find(({ value }) => value === by)?.label.toLowerCase() ?? '';
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (!name.trim()) return;
    onChange({ [by]: name.trim() });
    setName('');
  };
  return (
    <form onSubmit={add}>
      <Group gap={6} wrap="nowrap">
        <Select
          aria-label="Filter by"
          data={GROUPS.map(({ value, label: text }) => ({ value, label: text }))}
          value={by}
          allowDeselect={false}
          w={120}
          onChange={(value) => value && setBy(value)}
        />
        <TextInput
          aria-label={`Name of the ${label}`}
          placeholder={`exact ${label}`}
          value={name}
          autoComplete="off"
          spellCheck={false}
          w={170}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" px="sm" aria-label="Add filter">
          <IconFilterPlus size={17} aria-hidden />
        </Button>
      </Group>
    </form>
  );
}
