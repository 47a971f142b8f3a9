import { ActionIcon, Box, Button, Group } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useFieldArray, useWatch } from 'react-hook-form';
import { MultiSelectField, SelectField } from '../../../components/fields/select-field.tsx';
import { TextField } from '../../../components/fields/text-field.tsx';
import { FormSection } from '../../../components/form-section.tsx';
import { useGatewayUrl } from '../../../lib/gateway-url.ts';
import type { ProviderFormParts } from './provider-sections.tsx';

const MODES = [
  { value: 'allow_all', label: 'Every path, with exceptions' },
  { value: 'deny_all', label: 'Only the paths below' },
];

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', '*'];

/** Where the provider is called without a proxy, and what of the vendor's API may be called. */
export function ReachSection({ form: { control } }: Pick<ProviderFormParts, 'form'>) {
  const gateway = useGatewayUrl();
  const context = useWatch({ control, name: 'spec.context' });
  const mode = useWatch({ control, name: 'spec.accessControl.mode' });
  const exceptions = useFieldArray({ control, name: 'spec.accessControl.exceptions' });
  return (
    <FormSection title="Access" description="How it is called without a proxy, and what of its API may be called.">
      <TextField
        control={control}
        name="spec.context"
        label="Context"
        description={
          context
            ? `Callers reach it at ${gateway}${context}.`
            : 'Such as /openai. Empty: only proxies reach this provider.'
        }
        placeholder="none"
        code
      />
      <TextField
        control={control}
        name="spec.vhost"
        label="Host"
        description="Answers only there, such as api.example.com, or *.example.com for all below. Empty: on every host."
        placeholder="every host"
        code
      />
      <SelectField control={control} name="spec.accessControl.mode" label="Admitted" data={MODES} />
      {exceptions.fields.map((row, index) => (
        <ExceptionRow
          key={row.id}
          control={control}
          index={index}
          noun={mode === 'deny_all' ? 'Path' : 'Exception'}
          onRemove={() => exceptions.remove(index)}
        />
      ))}
      <Group>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={15} aria-hidden />}
          onClick={() => exceptions.append({ path: '', methods: ['*'] })}
        >
          {mode === 'deny_all' ? 'Add a path' : 'Add an exception'}
        </Button>
      </Group>
    </FormSection>
  );
}

interface ExceptionRowProps {
  readonly control: ProviderFormParts['form']['control'];
  readonly index: number;
  readonly noun: string;
  readonly onRemove: () => void;
}

function ExceptionRow({ control, index, noun, onRemove }: ExceptionRowProps) {
  const path = `spec.accessControl.exceptions.${index}` as const;
  const label = `${noun} ${index + 1}`;
  return (
    <Group align="flex-start" wrap="nowrap" gap="xs" role="group" aria-label={label}>
      <Box flex={1}>
        <TextField
          control={control}
          name={`${path}.path`}
          label="Path"
          placeholder="/chat/completions"
          description="May end in * and have {names} in it."
          code
          required
        />
      </Box>
      <Box flex={1}>
        <MultiSelectField control={control} name={`${path}.methods`} label="Methods" data={METHODS} required />
      </Box>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        mt={26}
        onClick={onRemove}
        aria-label={`Remove ${label.toLowerCase()}`}
      >
        <IconTrash size={18} stroke={1.6} aria-hidden />
      </ActionIcon>
    </Group>
  );
}
