import { zodResolver } from '@hookform/resolvers/zod';
import { Button, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import type { Quota, QuotaManifest } from '@penstock/contracts';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useFieldArray, useForm, type UseFormReturn } from 'react-hook-form';
import { TextField } from '../../../components/fields/text-field.tsx';
import { FormActions } from '../../../components/form-actions.tsx';
import { FormRefusal } from '../../../components/form-refusal.tsx';
import { FormSection } from '../../../components/form-section.tsx';
import { firstMessage, reportRefusal } from '../../../lib/form-errors.ts';
import { LimitRow } from './limit-row.tsx';
import { draftOfQuota, NEW_LIMIT, NEW_QUOTA, quotaSchema, type QuotaDraft } from './quota-draft.ts';

interface QuotaFormProps {
  /** The quota to edit; absent for a new one. */
  readonly quota?: Quota;
  readonly submit: string;
  readonly onSubmit: (manifest: QuotaManifest) => Promise<unknown>;
}

/** Creates or edits a quota. */
export function QuotaForm({ quota, submit, onSubmit }: QuotaFormProps) {
  const [refusal, setRefusal] = useState<string[]>([]);
  const form = useForm<QuotaDraft, unknown, QuotaManifest>({
    defaultValues: quota ? draftOfQuota(quota) : NEW_QUOTA,
    resolver: zodResolver(quotaSchema),
  });
  const { control } = form;

  const save = form.handleSubmit(async (manifest) => {
    setRefusal([]);
    try {
      await onSubmit(manifest);
    } catch (error) {
      setRefusal(reportRefusal(form, error));
    }
  });

  return (
    <form onSubmit={(event) => void save(event)} noValidate>
      <Stack gap="lg" maw={980}>
        <FormRefusal messages={refusal} />
        <FormSection title="Quota">
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextField
              control={control}
              name="metadata.name"
              label="Name"
              code
              required
              disabled={quota !== undefined}
            />
            <TextField control={control} name="spec.displayName" label="Display name" />
          </SimpleGrid>
        </FormSection>
        <LimitsSection form={form} />
        <FormActions submit={submit} busy={form.formState.isSubmitting} cancelTo="/quotas" />
      </Stack>
    </form>
  );
}

function LimitsSection({ form }: { readonly form: UseFormReturn<QuotaDraft, unknown, QuotaManifest> }) {
  const limits = useFieldArray({ control: form.control, name: 'spec.limits' });
  const error = form.formState.errors.spec?.limits;
  const message = firstMessage(error?.root ?? error);
  return (
    <FormSection
      title="Limits"
      description="All of them must admit a request. Rates up to an hour are smooth; money, and whatever counts by the day or longer, is a budget of a calendar or rolling window."
    >
      {limits.fields.map((limit, index) => (
        <LimitRow
          key={limit.id}
          form={form}
          index={index}
          onRemove={limits.fields.length > 1 ? () => limits.remove(index) : undefined}
        />
      ))}
      {message && (
        <Text fz="sm" c="var(--mantine-color-error)" role="alert">
          {message}
        </Text>
      )}
      <Group>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={15} aria-hidden />}
          onClick={() => limits.append(NEW_LIMIT)}
        >
          Add a limit
        </Button>
      </Group>
    </FormSection>
  );
}
