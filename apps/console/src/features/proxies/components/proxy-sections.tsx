import { ActionIcon, Alert, Box, Button, Group, SimpleGrid, Text, type ComboboxData } from '@mantine/core';
import type { LlmProvider, LlmProxyManifest } from '@penstock/contracts';
import { IconLockOpen2, IconPlus, IconTrash } from '@tabler/icons-react';
import type { FormEvent } from 'react';
import { useFieldArray, useWatch, type UseFormReturn } from 'react-hook-form';
import { SelectField } from '../../../components/fields/select-field.tsx';
import { SwitchField } from '../../../components/fields/switch-field.tsx';
import { TextField } from '../../../components/fields/text-field.tsx';
import { FormSection } from '../../../components/form-section.tsx';
import { useGatewayUrl } from '../../../lib/gateway-url.ts';
import { followingName } from '../../../lib/name-from.ts';
import { QuotasField } from '../../quotas/components/quotas-field.tsx';
import type { ProxyDraft } from './proxy-draft.ts';

/** The form, as its sections take it. */
export interface ProxyFormParts {
  readonly form: UseFormReturn<ProxyDraft, unknown, LlmProxyManifest>;
}

interface WithProviders extends ProxyFormParts {
  readonly providers: readonly LlmProvider[];
}

/** What the proxy is called and where it is reached. */
export function EndpointSection({ form, exists }: ProxyFormParts & { readonly exists: boolean }) {
  const { control } = form;
  const gateway = useGatewayUrl();
  const context = useWatch({ control, name: 'spec.context' });
  const followDisplayName = (event: FormEvent<HTMLInputElement>) => {
    const { metadata, spec } = form.getValues();
    if (exists) return;
    form.setValue('metadata.name', followingName(metadata.name, spec.displayName, event.currentTarget.value));
  };
  return (
    <FormSection title="Endpoint" description="What applications and agents call.">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextField
          control={control}
          name="spec.displayName"
          label="Display name"
          required
          input={{ onInput: followDisplayName }}
        />
        <TextField
          control={control}
          name="metadata.name"
          label="Name"
          description={exists ? 'Keys and usage refer to it; it cannot change.' : 'How keys and usage refer to it.'}
          code
          required
          disabled={exists}
        />
      </SimpleGrid>
      <TextField
        control={control}
        name="spec.context"
        label="Context"
        description={
          <>
            Callers use {gateway}
            {context === '/' ? '' : context}/v1 as their base URL.
          </>
        }
        code
        required
      />
    </FormSection>
  );
}

/** The primary provider and the others, each under a name of its own. */
export function ProvidersSection({ form, providers }: WithProviders) {
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
      <SelectField
        control={control}
        name="spec.provider.id"
        label="Primary provider"
        data={choices}
        searchable
        required
      />
      {additional.fields.map((row, index) => (
        <AdditionalProviderRow
          key={row.id}
          form={form}
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
          onClick={() => additional.append({ id: '', as: '' })}
        >
          Add a provider
        </Button>
      </Group>
    </FormSection>
  );
}

interface AdditionalProviderRowProps extends ProxyFormParts {
  readonly index: number;
  readonly choices: ComboboxData;
  readonly onRemove: () => void;
}

function AdditionalProviderRow({ form, index, choices, onRemove }: AdditionalProviderRowProps) {
  const { control } = form;
  const path = `spec.additionalProviders.${index}` as const;
  return (
    <Group align="flex-start" wrap="nowrap" gap="xs" role="group" aria-label={`Additional provider ${index + 1}`}>
      <Box flex={1}>
        <SelectField control={control} name={`${path}.id`} label="Provider" data={choices} searchable required />
      </Box>
      <Box flex={1}>
        <TextField control={control} name={`${path}.as`} label="Alias" placeholder="its own name" code />
      </Box>
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
    </Group>
  );
}

const AUTHENTICATION = [
  { value: 'virtual-key', label: 'Virtual key' },
  { value: 'none', label: 'None: open to everybody' },
];

const UNSUPPORTED_PARAMETERS = [
  { value: 'lenient', label: 'Left out, with a warning' },
  { value: 'strict', label: 'Refused' },
];

/** Who may call the proxy, and what limits it. */
export function AccessSection({ form }: ProxyFormParts) {
  const { control } = form;
  const authentication = useWatch({ control, name: 'spec.authentication' });
  return (
    <FormSection title="Access">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <SelectField
          control={control}
          name="spec.authentication"
          label="Authentication"
          description="What callers have to show."
          data={AUTHENTICATION}
        />
        <QuotasField control={control} name="spec.quotas" />
        <SelectField
          control={control}
          name="spec.unsupportedParameters"
          label="Unsupported parameters"
          description="What becomes of a parameter that the model does not have."
          data={UNSUPPORTED_PARAMETERS}
        />
      </SimpleGrid>
      {authentication === 'none' && <OpenProxyWarning />}
      <SwitchField
        control={control}
        name="spec.deploymentState"
        label="Deployed"
        description="An undeployed proxy answers as if it did not exist."
        on="deployed"
        off="undeployed"
      />
    </FormSection>
  );
}

/** Says what an open proxy means. */
export function OpenProxyWarning() {
  return (
    <Alert color="yellow" variant="light" icon={<IconLockOpen2 aria-hidden />} title="This proxy is open" role="status">
      <Text fz="sm">
        Everybody who reaches the gateway can use it, at your expense and without a name in the usage. Attach a quota,
        or require a virtual key.
      </Text>
    </Alert>
  );
}
