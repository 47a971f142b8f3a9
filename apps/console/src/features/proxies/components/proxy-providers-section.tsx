import { ActionIcon, Box, Button, Group, Paper, SimpleGrid, Stack, type ComboboxData } from '@mantine/core';
import type { LlmProvider, LlmProxy } from '@penstock/contracts';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useFieldArray } from 'react-hook-form';
import { SelectField } from '../../../components/fields/select-field.tsx';
import { TextField } from '../../../components/fields/text-field.tsx';
import { FormSection } from '../../../components/form-section.tsx';
import { HopAuthFields } from './hop-auth-fields.tsx';
import { NEW_ADDITIONAL_PROVIDER } from './hop-draft.ts';
import type { ProxyFormParts } from './proxy-sections.tsx';
import { TransformerField } from './transformer-field.tsx';

interface ProvidersSectionProps extends ProxyFormParts {
  readonly providers: readonly LlmProvider[];
  /** The saved proxy. */
  readonly proxy: LlmProxy | undefined;
}

/** The primary provider and the others, each under a name of its own. */
export function ProvidersSection({ form, providers, proxy }: ProvidersSectionProps) {
  const { control } = form;
  const additional = useFieldArray({ control, name: 'spec.additionalProviders' });
  const choices = providers.map(({ metadata, spec }) => ({
    value: metadata.name,
    label: `${metadata.name} – ${spec.displayName}`,
  }));
  return (
    <FormSection
      title="Providers"
      description="The primary provider answers whatever the models below do not direct elsewhere."
    >
      <Stack gap="md" role="group" aria-label="Primary provider">
        <SelectField
          control={control}
          name="spec.provider.id"
          label="Primary provider"
          data={choices}
          searchable
          required
        />
        <HopAuthFields form={form} path="spec.provider" proxy={proxy} />
      </Stack>
      {additional.fields.map((row, index) => (
        <AdditionalProviderCard
          key={row.id}
          form={form}
          proxy={proxy}
          index={index}
          choices={choices}
          onRemove={() => additional.remove(index)}
        />
      ))}
      <Group>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={15} aria-hidden />}
          onClick={() => additional.append(NEW_ADDITIONAL_PROVIDER)}
        >
          Add a provider
        </Button>
      </Group>
    </FormSection>
  );
}

interface AdditionalProviderCardProps extends Omit<ProvidersSectionProps, 'providers'> {
  readonly index: number;
  readonly choices: ComboboxData;
  readonly onRemove: () => void;
}

function AdditionalProviderCard({ form, proxy, index, choices, onRemove }: AdditionalProviderCardProps) {
  const { control } = form;
  const path = `spec.additionalProviders.${index}` as const;
  return (
    <Paper p="md" role="group" aria-label={`Additional provider ${index + 1}`}>
      <Stack gap="md">
        <Group align="flex-start" wrap="nowrap" gap="xs">
          <SimpleGrid cols={{ base: 1, sm: 2 }} flex={1}>
            <SelectField control={control} name={`${path}.id`} label="Provider" data={choices} searchable required />
            <TextField control={control} name={`${path}.as`} label="Alias" placeholder="its own name" code />
          </SimpleGrid>
          <Box>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              mt={26}
              onClick={onRemove}
              aria-label={`Remove additional provider ${index + 1}`}
            >
              <IconTrash size={18} stroke={1.6} aria-hidden />
            </ActionIcon>
          </Box>
        </Group>
        <HopAuthFields form={form} path={path} proxy={proxy} />
        <TransformerField form={form} index={index} />
      </Stack>
    </Paper>
  );
}
