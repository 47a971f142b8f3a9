import { ActionIcon, Button, Group, Paper, SimpleGrid, Stack } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { FormEvent } from 'react';
import { useFieldArray, useFormState, useWatch } from 'react-hook-form';
import { NumberField } from '../../../components/fields/number-field.tsx';
import { TextField } from '../../../components/fields/text-field.tsx';
import { FormSection } from '../../../components/form-section.tsx';
import { errorAt, ownMessage } from '../../policies/components/field-messages.ts';
import { FieldMessage } from '../../policies/components/group-value.tsx';
import type { ProviderFormParts } from './provider-sections.tsx';
import { NEW_SERVER, newDefinition } from './upstream-draft.ts';
import classes from './upstream-definitions-section.module.css';

type WithForm = Pick<ProviderFormParts, 'form'>;

/** Named sets of servers; hidden where the provider has one URL and no set. */
export function UpstreamDefinitionsSection({ form }: WithForm) {
  const { control } = form;
  const definitions = useFieldArray({ control, name: 'spec.upstreamDefinitions' });
  const servers = useWatch({ control, name: 'servers' });
  if (servers === 'url' && definitions.fields.length === 0) return null;
  return (
    <FormSection
      title="Upstream definitions"
      description="Servers that stand for each other. Each gets its share by weight; one with weight 0 gets nothing."
    >
      {definitions.fields.map((definition, index) => (
        <DefinitionCard key={definition.id} form={form} index={index} onRemove={() => definitions.remove(index)} />
      ))}
      <Group>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={15} aria-hidden />}
          onClick={() => definitions.append(newDefinition('', ''))}
        >
          Add a definition
        </Button>
      </Group>
    </FormSection>
  );
}

interface RowProps extends WithForm {
  readonly index: number;
  readonly onRemove: () => void;
}

function DefinitionCard({ form, index, onRemove }: RowProps) {
  const path = `spec.upstreamDefinitions.${index}` as const;
  const label = `Upstream definition ${index + 1}`;
  return (
    <Paper p="md" role="group" aria-label={label}>
      <Stack gap="sm">
        <Group align="flex-start" wrap="nowrap" gap="xs">
          <DefinitionFields form={form} index={index} />
          <RemoveButton label={label} onRemove={onRemove} />
        </Group>
        <Servers form={form} path={`${path}.upstreams`} definition={index + 1} />
      </Stack>
    </Paper>
  );
}

function DefinitionFields({ form, index }: Omit<RowProps, 'onRemove'>) {
  const { control } = form;
  const path = `spec.upstreamDefinitions.${index}` as const;
  // The provider goes on meaning a definition that gets another name.
  const followName = (event: FormEvent<HTMLInputElement>) => {
    const { servers, spec } = form.getValues();
    const isMeant = servers === 'definition' && spec.upstreamDefinitions[index]?.name === spec.upstream.ref;
    if (isMeant) form.setValue('spec.upstream.ref', event.currentTarget.value);
  };
  return (
    <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="xs" flex={1}>
      <TextField
        control={control}
        name={`${path}.name`}
        label="Definition name"
        description="How the connection refers to it."
        code
        required
        input={{ onInput: followName }}
      />
      <TextField
        control={control}
        name={`${path}.basePath`}
        label="Base path"
        description="Goes behind each URL."
        placeholder="/v1"
        code
      />
      <TextField
        control={control}
        name={`${path}.timeout.connect`}
        label="Connect timeout"
        description="Such as 500ms or 3s."
        code
      />
    </SimpleGrid>
  );
}

interface ServersProps extends WithForm {
  readonly path: `spec.upstreamDefinitions.${number}.upstreams`;
  readonly definition: number;
}

function Servers({ form, path, definition }: ServersProps) {
  const { control } = form;
  const servers = useFieldArray({ control, name: path });
  const { errors } = useFormState({ control, name: path });
  const index = definition - 1;
  const error = errorAt(errors.spec?.upstreamDefinitions?.[index], 'upstreams');
  return (
    <>
      {servers.fields.map((server, position) => (
        <ServerRow
          key={server.id}
          form={form}
          path={`${path}.${position}`}
          label={`Server ${position + 1} of definition ${definition}`}
          onRemove={servers.fields.length > 1 ? () => servers.remove(position) : undefined}
        />
      ))}
      <FieldMessage message={ownMessage(errorAt(error, 'root')) ?? ownMessage(error)} />
      <Group>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => servers.append(NEW_SERVER)}
        >
          Add a server
        </Button>
      </Group>
    </>
  );
}

interface ServerRowProps extends WithForm {
  readonly path: `spec.upstreamDefinitions.${number}.upstreams.${number}`;
  readonly label: string;
  /** Absent for the last server: a definition needs one. */
  readonly onRemove: (() => void) | undefined;
}

function ServerRow({ form: { control }, path, label, onRemove }: ServerRowProps) {
  return (
    <Group align="flex-start" wrap="nowrap" gap="xs" role="group" aria-label={label}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs" flex={1} className={classes.server}>
        <TextField control={control} name={`${path}.url`} label="URL" type="url" code required />
        <NumberField control={control} name={`${path}.weight`} label="Weight" min={0} max={100} />
      </SimpleGrid>
      <RemoveButton label={label} onRemove={onRemove} />
    </Group>
  );
}

interface RemoveButtonProps {
  readonly label: string;
  readonly onRemove: (() => void) | undefined;
}

function RemoveButton({ label, onRemove }: RemoveButtonProps) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      mt={26}
      disabled={!onRemove}
      onClick={onRemove}
      aria-label={`Remove ${label.charAt(0).toLowerCase()}${label.slice(1)}`}
    >
      <IconTrash size={18} stroke={1.6} aria-hidden />
    </ActionIcon>
  );
}
