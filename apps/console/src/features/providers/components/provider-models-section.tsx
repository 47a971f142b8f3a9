import { ActionIcon, Button, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import type { LlmProviderManifest } from '@penstock/contracts';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useFieldArray, useWatch, type UseFormReturn } from 'react-hook-form';
import { SwitchField } from '../../../components/fields/switch-field.tsx';
import { TextField } from '../../../components/fields/text-field.tsx';
import { FormSection } from '../../../components/form-section.tsx';
import { QuotasField } from '../../quotas/components/quotas-field.tsx';
import type { ProviderDraft } from './provider-draft.ts';

interface ModelsSectionProps {
  readonly form: UseFormReturn<ProviderDraft, unknown, LlmProviderManifest>;
  /** Models that a connection test has found. */
  readonly discovered: readonly string[];
}

/** Which models the provider serves: any, or a list. */
export function ModelsSection({ form, discovered }: ModelsSectionProps) {
  const { control } = form;
  const restricted = useWatch({ control, name: 'restrictModels' });
  return (
    <FormSection
      title="Models"
      description="Without a list any model is accepted and sent under the name the caller gave."
    >
      <SwitchField control={control} name="restrictModels" label="Only the models listed here" />
      {restricted && <ModelList form={form} discovered={discovered} />}
    </FormSection>
  );
}

function ModelList({ form, discovered }: ModelsSectionProps) {
  const { control } = form;
  const models = useFieldArray({ control, name: 'spec.models' });
  const known = new Set(useWatch({ control, name: 'spec.models' }).map(({ id }) => id));
  const add = (id: string) =>
    models.append({ id, upstreamModel: '', profile: '{}', quotas: [] }, { shouldFocus: id === '' });
  const missing = discovered.filter((id) => !known.has(id));
  return (
    <Stack gap="sm">
      {models.fields.map((model, index) => (
        <ModelRow key={model.id} form={form} index={index} onRemove={() => models.remove(index)} />
      ))}
      {models.fields.length === 0 && (
        <Text fz="sm" c="dimmed">
          No model is listed yet. Test the connection to see what the server offers.
        </Text>
      )}
      <Group gap="xs">
        <Button variant="default" size="xs" leftSection={<IconPlus size={15} aria-hidden />} onClick={() => add('')}>
          Add a model
        </Button>
        {missing.length > 0 && (
          <Button variant="light" size="xs" onClick={() => missing.forEach(add)}>
            Add {missing.length} discovered
          </Button>
        )}
      </Group>
    </Stack>
  );
}

interface ModelRowProps extends Pick<ModelsSectionProps, 'form'> {
  readonly index: number;
  readonly onRemove: () => void;
}

function ModelRow({ form, index, onRemove }: ModelRowProps) {
  const { control } = form;
  return (
    <Group align="flex-start" wrap="nowrap" gap="xs" role="group" aria-label={`Model ${index + 1}`}>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="xs" flex={1}>
        <TextField control={control} name={`spec.models.${index}.id`} label="Id for callers" code required />
        <TextField
          control={control}
          name={`spec.models.${index}.upstreamModel`}
          label="Upstream model"
          placeholder="the same"
          code
        />
        <QuotasField control={control} name={`spec.models.${index}.quotas`} label="Quotas" description={null} />
      </SimpleGrid>
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
  );
}
