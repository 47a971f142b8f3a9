import { ActionIcon, Box, Button, Group, Paper, SimpleGrid, Stack, Text } from '@mantine/core';
import type { LlmProvider } from '@penstock/contracts';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useFieldArray, useWatch } from 'react-hook-form';
import { NumberField } from '../../../components/fields/number-field.tsx';
import { SelectField } from '../../../components/fields/select-field.tsx';
import { TextField } from '../../../components/fields/text-field.tsx';
import { FormSection } from '../../../components/form-section.tsx';
import classes from './proxy-models-section.module.css';
import { targetNames } from './proxy-draft.ts';
import type { ProxyFormParts } from './proxy-sections.tsx';

interface ProxyModelsSectionProps extends ProxyFormParts {
  readonly providers: readonly LlmProvider[];
}

/** Model names of the proxy's own, each with the places its requests may go. */
export function ProxyModelsSection({ form, providers }: ProxyModelsSectionProps) {
  const models = useFieldArray({ control: form.control, name: 'spec.models' });
  const primary = useWatch({ control: form.control, name: 'spec.provider.id' });
  const add = () => models.append({ name: '', targets: [{ provider: primary, model: '', weight: 1, priority: 0 }] });
  return (
    <FormSection
      title="Models"
      description="Names of your own for models. Targets of the lowest priority number are tried first, shared by weight; the others are fallbacks."
    >
      {models.fields.map((model, index) => (
        <ModelCard
          key={model.id}
          form={form}
          providers={providers}
          index={index}
          onRemove={() => models.remove(index)}
        />
      ))}
      {models.fields.length === 0 && (
        <Text fz="sm" c="dimmed">
          None: callers use the providers’ own model names.
        </Text>
      )}
      <Group>
        <Button variant="default" size="xs" leftSection={<IconPlus size={15} aria-hidden />} onClick={add}>
          Add a model
        </Button>
      </Group>
    </FormSection>
  );
}

interface ModelCardProps extends ProxyModelsSectionProps {
  readonly index: number;
  readonly onRemove: () => void;
}

function ModelCard({ form, index, onRemove }: ModelCardProps) {
  const { control } = form;
  const targets = useFieldArray({ control, name: `spec.models.${index}.targets` });
  const provider = useWatch({ control, name: 'spec.provider' });
  const additionalProviders = useWatch({ control, name: 'spec.additionalProviders' });
  const names = targetNames({ provider, additionalProviders });
  return (
    <Paper p="md" role="group" aria-label={`Model ${index + 1}`}>
      <Stack gap="sm">
        <Group align="flex-start" wrap="nowrap" gap="xs">
          <Box flex={1}>
            <TextField
              control={control}
              name={`spec.models.${index}.name`}
              label="Model name for callers"
              code
              required
            />
          </Box>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            mt={26}
            onClick={onRemove}
            aria-label={`Remove model ${index + 1}`}
          >
            <IconTrash size={18} stroke={1.6} aria-hidden />
          </ActionIcon>
        </Group>
        {targets.fields.map((target, position) => (
          <TargetRow
            key={target.id}
            form={form}
            path={`spec.models.${index}.targets.${position}`}
            names={names}
            label={`Target ${position + 1} of model ${index + 1}`}
            onRemove={targets.fields.length > 1 ? () => targets.remove(position) : undefined}
          />
        ))}
        <Group>
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() =>
              targets.append({ provider: provider.id, model: '', weight: 1, priority: targets.fields.length })
            }
          >
            Add a target
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}

interface TargetRowProps extends ProxyFormParts {
  readonly path: `spec.models.${number}.targets.${number}`;
  readonly names: readonly string[];
  readonly label: string;
  /** Absent for the last target: a model needs one. */
  readonly onRemove: (() => void) | undefined;
}

function TargetRow({ form, path, names, label, onRemove }: TargetRowProps) {
  const { control } = form;
  return (
    <Group align="flex-start" wrap="nowrap" gap="xs" role="group" aria-label={label}>
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="xs" flex={1} className={classes.target}>
        <SelectField control={control} name={`${path}.provider`} label="Provider" data={[...names]} required />
        <TextField control={control} name={`${path}.model`} label="Upstream model" code required />
        <NumberField control={control} name={`${path}.weight`} label="Weight" min={0} max={1000} />
        <NumberField control={control} name={`${path}.priority`} label="Priority" min={0} max={100} />
      </SimpleGrid>
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
  );
}
