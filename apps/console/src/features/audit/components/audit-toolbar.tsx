import { Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import type { AuditFilters } from '../api/audit-events.ts';

const KINDS = [
  'LlmProvider',
  'LlmProxy',
  'VirtualKey',
  'Quota',
  'Team',
  'ModelPrice',
  'PriceCatalog',
  'AlertChannel',
  'Organization',
  'LlmProviderTemplate',
  'User',
  'AdminToken',
  'Session',
  'ConfigRevision',
];

interface AuditToolbarProps {
  readonly filters: AuditFilters;
  /** Changes one filter; empty removes it. */
  readonly onChange: (name: keyof AuditFilters, value: string) => void;
}

/** Narrows the audit log down. */
export function AuditToolbar({ filters, onChange }: AuditToolbarProps) {
  return (
    <Group p="md" pb="xs" gap="sm">
      <Select
        aria-label="Kind"
        placeholder="Every kind"
        data={KINDS}
        value={filters.resourceKind ?? null}
        clearable
        clearButtonProps={{ 'aria-label': 'Clear kind' }}
        w={{ base: '100%', xs: 200 }}
        onChange={(kind) => onChange('resourceKind', kind ?? '')}
      />
      <FilterBox
        label="Resource name"
        value={filters.resourceName}
        onChange={(name) => onChange('resourceName', name)}
      />
      <FilterBox label="By whom" value={filters.actor} onChange={(actor) => onChange('actor', actor)} />
    </Group>
  );
}

interface FilterBoxProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (value: string) => void;
}

function FilterBox({ label, value, onChange }: FilterBoxProps) {
  const [text, setText] = useState(value ?? '');
  const change = useDebouncedCallback(onChange, 300);
  return (
    <TextInput
      aria-label={label}
      placeholder={label}
      value={text}
      w={{ base: '100%', xs: 200 }}
      onChange={(event) => {
        setText(event.currentTarget.value);
        change(event.currentTarget.value.trim());
      }}
    />
  );
}
