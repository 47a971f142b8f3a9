import { ActionIcon, Box, Button, Group, MultiSelect, Paper, Stack, TextInput } from '@mantine/core';
import type { PolicyDescription } from '@penstock/contracts';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { errorAt, messageFor, ownMessage } from './field-messages.ts';
import { FieldMessage } from './group-value.tsx';
import { parameterSchema } from './json-schema.ts';
import { ParamsFields } from './params-fields.tsx';
import { METHODS, newPath, type PathDraft } from './policy-draft.ts';
import { startGroup } from './schema-value.ts';

interface PolicyPathsProps {
  readonly paths: readonly PathDraft[];
  readonly description: PolicyDescription | undefined;
  readonly error: unknown;
  readonly onChange: (paths: readonly PathDraft[]) => void;
}

/** Where a policy runs, with parameters for each place. */
export function PolicyPaths({ paths, description, error, onChange }: PolicyPathsProps) {
  const add = () => onChange([...paths, newPath(description ? startGroup(parameterSchema(description)) : {})]);
  return (
    <Stack gap="sm">
      <FieldMessage message={ownMessage(error)} />
      {paths.map((path, index) => (
        <PathFields
          key={path.key}
          path={path}
          label={`Path ${index + 1}`}
          description={description}
          error={errorAt(error, index)}
          onChange={(next) => onChange(paths.with(index, next))}
          onRemove={paths.length > 1 ? () => onChange(paths.toSpliced(index, 1)) : undefined}
        />
      ))}
      <Group>
        <Button variant="default" size="xs" leftSection={<IconPlus size={15} aria-hidden />} onClick={add}>
          Add a path
        </Button>
      </Group>
    </Stack>
  );
}

interface PathFieldsProps {
  readonly path: PathDraft;
  readonly label: string;
  readonly description: PolicyDescription | undefined;
  readonly error: unknown;
  readonly onChange: (path: PathDraft) => void;
  /** Absent for the last path: a policy needs one. */
  readonly onRemove: (() => void) | undefined;
}

function PathFields({ path, label, description, error, onChange, onRemove }: PathFieldsProps) {
  return (
    <Paper p="md" component="fieldset" m={0} aria-label={label}>
      <Stack gap="sm">
        <Group align="flex-start" wrap="nowrap" gap="xs">
          <Box flex={1}>
            <TextInput
              label={label}
              description="Without the context; it may end in * for everything that begins so."
              withAsterisk
              aria-required
              spellCheck={false}
              value={path.path}
              error={messageFor({ error: errorAt(error, 'path'), required: true, value: path.path })}
              onChange={(event) => onChange({ ...path, path: event.currentTarget.value })}
            />
          </Box>
          <Box flex={1}>
            <MultiSelect
              label="Methods"
              description="* stands for all."
              withAsterisk
              data={[...METHODS]}
              value={[...path.methods]}
              openOnFocus={false}
              clearButtonProps={{ 'aria-label': 'Clear methods' }}
              error={messageFor({ error: errorAt(error, 'methods'), required: true, value: path.methods })}
              onChange={(methods) => onChange({ ...path, methods })}
            />
          </Box>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            mt={26}
            disabled={!onRemove}
            onClick={onRemove}
            aria-label={`Remove ${label.toLowerCase()}`}
          >
            <IconTrash size={18} stroke={1.6} aria-hidden />
          </ActionIcon>
        </Group>
        <ParamsFields
          description={description}
          value={path.params}
          error={errorAt(error, 'params')}
          onChange={(params) => onChange({ ...path, params })}
        />
      </Stack>
    </Paper>
  );
}
