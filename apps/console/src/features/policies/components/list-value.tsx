import { ActionIcon, Button, Group, Paper, Stack } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { MoveButtons } from './move-buttons.tsx';
import { errorAt, ownMessage } from './field-messages.ts';
import { FieldMessage, GroupFields } from './group-value.tsx';
import { kindOf } from './json-schema.ts';
import { moved } from './moved.ts';
import type { ContainerFieldProps } from './schema-field-props.ts';
import { isBlank, startItem } from './schema-value.ts';
import { ValueHeading } from './value-heading.tsx';

/** A list of objects, or of whatever does not fit on a line; the order can be changed. */
export function ListValue(props: ContainerFieldProps) {
  const { schema, label, value, onChange, required, error } = props;
  const entries: readonly unknown[] = Array.isArray(value) ? value : [];
  const change = (next: readonly unknown[]) => onChange(next.length === 0 && !required ? undefined : next);
  const keys = useRowKeys(entries.length);
  const items = schema.items ?? {};
  const message = required && isBlank(value) && error ? 'is required' : ownMessage(error);
  return (
    <Stack gap="xs" role="group" aria-label={label}>
      <ValueHeading {...props} />
      <FieldMessage message={message} />
      {entries.map((entry, index) => (
        <ListEntry
          {...props}
          key={keys.at(index)}
          schema={items}
          label={`${label} ${index + 1}`}
          value={entry}
          error={errorAt(error, index)}
          onChange={(next) => change(entries.with(index, next ?? null))}
          position={index}
          count={entries.length}
          onMove={(by) => {
            keys.move(index, by);
            change(moved(entries, index, by));
          }}
          onRemove={() => {
            keys.remove(index);
            change(entries.toSpliced(index, 1));
          }}
        />
      ))}
      <Group>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={15} aria-hidden />}
          disabled={entries.length >= (schema.maxItems ?? Infinity)}
          onClick={() => {
            keys.add();
            change([...entries, startItem(items)]);
          }}
          aria-label={`Add to ${label.toLowerCase()}`}
        >
          Add
        </Button>
      </Group>
    </Stack>
  );
}

interface ListEntryProps extends ContainerFieldProps {
  readonly position: number;
  readonly count: number;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
}

function ListEntry({ position, count, onMove, onRemove, ...props }: ListEntryProps) {
  const { Field, schema, label } = props;
  const name = label.toLowerCase();
  return (
    <Paper px="md" py="sm" component="fieldset" m={0} aria-label={label}>
      <Group align="flex-start" wrap="nowrap" gap="xs">
        <Stack flex={1} gap="sm" style={{ minWidth: 0 }}>
          {kindOf(schema) === 'group' ? <GroupFields {...props} /> : <Field {...props} required hideLabel />}
        </Stack>
        <Group gap={2} wrap="nowrap" mt={kindOf(schema) === 'group' ? 27 : 2}>
          {count > 1 && <MoveButtons of={name} position={position} count={count} onMove={onMove} />}
          <ActionIcon variant="subtle" color="gray" onClick={onRemove} aria-label={`Remove ${name}`}>
            <IconTrash size={17} stroke={1.6} aria-hidden />
          </ActionIcon>
        </Group>
      </Group>
    </Paper>
  );
}

/** Keys for rows that have nothing of their own to be told apart by; they move along with their rows. */
function useRowKeys(count: number) {
  const [keys, setKeys] = useState<readonly number[]>(() => Array.from({ length: count }, (_, index) => index));
  return {
    at: (index: number) => keys[index] ?? -1 - index,
    add: () => setKeys([...keys, Math.max(-1, ...keys) + 1]),
    move: (index: number, by: -1 | 1) => setKeys(moved(keys, index, by)),
    remove: (index: number) => setKeys(keys.toSpliced(index, 1)),
  };
}
