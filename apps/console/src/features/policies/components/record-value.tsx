import { ActionIcon, Box, Button, Group, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { errorAt, ownMessage } from './field-messages.ts';
import { FieldMessage } from './group-value.tsx';
import type { ContainerFieldProps } from './schema-field-props.ts';
import { startItem } from './schema-value.ts';
import { ValueHeading } from './value-heading.tsx';

type Entry = readonly [name: string, value: unknown];

/** Values under names that the admin chooses. */
export function RecordValue(props: ContainerFieldProps) {
  const { schema, label, value, onChange, error, required } = props;
  const entries: readonly Entry[] = Object.entries(value ?? {});
  const items = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {};
  const change = (next: readonly Entry[]) =>
    onChange(next.length === 0 && !required ? undefined : Object.fromEntries(next));
  const taken = new Set(entries.map(([name]) => name));
  return (
    <Stack gap="xs" role="group" aria-label={label}>
      <ValueHeading {...props} />
      <FieldMessage message={ownMessage(error)} />
      {entries.map((entry, index) => (
        <RecordEntry
          {...props}
          key={index}
          schema={items}
          entry={entry}
          position={index}
          onEntry={(next) => {
            // Two of one name would become one.
            if (next[0] === entry[0] || !taken.has(next[0])) change(entries.with(index, next));
          }}
          onRemove={() => change(entries.toSpliced(index, 1))}
        />
      ))}
      <Group>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={15} aria-hidden />}
          disabled={taken.has('')}
          onClick={() => change([...entries, ['', startItem(items)]])}
          aria-label={`Add to ${label.toLowerCase()}`}
        >
          Add
        </Button>
      </Group>
    </Stack>
  );
}

interface RecordEntryProps extends ContainerFieldProps {
  readonly entry: Entry;
  readonly position: number;
  readonly onEntry: (entry: Entry) => void;
  readonly onRemove: () => void;
}

function RecordEntry({ Field, schema, label, error, entry, position, onEntry, onRemove }: RecordEntryProps) {
  const [name, value] = entry;
  return (
    <Group align="flex-start" wrap="nowrap" gap="xs">
      <TextInput
        aria-label={`Name ${position + 1} of ${label.toLowerCase()}`}
        placeholder="Name"
        value={name}
        flex={1}
        spellCheck={false}
        onChange={(event) => onEntry([event.currentTarget.value, value])}
      />
      <Box flex={2}>
        <Field
          schema={schema}
          label={`${label} ${name || position + 1}`}
          hideLabel
          required
          value={value}
          onChange={(next) => onEntry([name, next ?? null])}
          error={errorAt(error, name)}
        />
      </Box>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        onClick={onRemove}
        aria-label={`Remove ${label.toLowerCase()} ${name || position + 1}`}
      >
        <IconTrash size={17} stroke={1.6} aria-hidden />
      </ActionIcon>
    </Group>
  );
}
