import { ActionIcon, Group, Paper, SimpleGrid, Stack, Text } from '@mantine/core';
import type { QuotaManifest } from '@penstock/contracts';
import { IconTrash } from '@tabler/icons-react';
import { useWatch, type UseFormReturn } from 'react-hook-form';
import { NumberField } from '../../../components/fields/number-field.tsx';
import { SelectField, TagsField } from '../../../components/fields/select-field.tsx';
import { explainLimit } from './describe-limit.ts';
import { LimitAdvanced } from './limit-advanced.tsx';
import { settingsOf } from './limit-rules.ts';
import { limitOf, type QuotaDraft } from './quota-draft.ts';

const UNITS = [
  { value: 'requests', label: 'Requests' },
  { value: 'tokens', label: 'Tokens' },
  { value: 'input-tokens', label: 'Input tokens' },
  { value: 'output-tokens', label: 'Output tokens' },
  { value: 'cost', label: 'Cost (USD)' },
  { value: 'concurrency', label: 'In flight at once' },
];

const WINDOWS = ['second', 'minute', 'hour', 'day', 'week', 'month'].map((value) => ({ value, label: `per ${value}` }));

const ALIGNMENTS = [
  { value: 'calendar', label: 'Calendar' },
  { value: 'rolling', label: 'Rolling' },
];

const MODES = [
  { value: 'enforce', label: 'Enforce' },
  { value: 'shadow', label: 'Only count' },
];

/** Percents that most alerts are set to. */
const THRESHOLDS = ['50%', '80%', '90%', '100%'];

export interface LimitRowProps {
  readonly form: UseFormReturn<QuotaDraft, unknown, QuotaManifest>;
  readonly index: number;
  /** Absent for the last limit: a quota needs one. */
  readonly onRemove: (() => void) | undefined;
}

/** One limit: how much of what, in which window, and what it comes to in words. */
export function LimitRow({ form, index, onRemove }: LimitRowProps) {
  const limit = useWatch({ control: form.control, name: `spec.limits.${index}` });
  return (
    <Paper p="md" component="fieldset" m={0} aria-label={`Limit ${index + 1}`}>
      <Stack gap="sm">
        <Group align="flex-start" wrap="nowrap" gap="xs">
          <MainFields form={form} index={index} />
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            mt={26}
            disabled={!onRemove}
            onClick={onRemove}
            aria-label={`Remove limit ${index + 1}`}
          >
            <IconTrash size={18} stroke={1.6} aria-hidden />
          </ActionIcon>
        </Group>
        {settingsOf(limit).ledger && (
          <TagsField
            control={form.control}
            name={`spec.limits.${index}.alertThresholds`}
            label="Alert at"
            description="Percents of the amount; each alert is sent once in a window."
            placeholder="such as 80%"
            data={THRESHOLDS}
          />
        )}
        <Text fz="sm" c="dimmed" aria-live="polite">
          {limit.max === null ? 'Enter an amount to see what this limit does.' : explainLimit(limitOf(limit))}
        </Text>
        <LimitAdvanced form={form} index={index} />
      </Stack>
    </Paper>
  );
}

function MainFields({ form, index }: Pick<LimitRowProps, 'form' | 'index'>) {
  const { control } = form;
  const { unit, window } = useWatch({ control, name: `spec.limits.${index}` });
  const money = unit === 'cost';
  const { ledger } = settingsOf({ unit, window });
  const windows = money ? WINDOWS.filter(({ value }) => value !== 'second' && value !== 'minute') : WINDOWS;
  const keepWindowValid = (picked: string) => {
    const tooShort = picked === 'cost' && (window === 'second' || window === 'minute');
    if (tooShort || (picked !== 'concurrency' && !window))
      form.setValue(`spec.limits.${index}.window`, picked === 'cost' ? 'month' : 'minute');
  };
  return (
    <SimpleGrid cols={{ base: 2, md: 5 }} spacing="xs" flex={1}>
      <SelectField
        control={control}
        name={`spec.limits.${index}.unit`}
        label="Unit"
        data={UNITS}
        onPicked={keepWindowValid}
      />
      <NumberField
        control={control}
        name={`spec.limits.${index}.max`}
        label="Amount"
        required
        {...(money ? { prefix: '$', decimals: 6 } : {})}
      />
      {unit !== 'concurrency' && (
        <SelectField control={control} name={`spec.limits.${index}.window`} label="Window" data={windows} />
      )}
      {ledger && (
        <SelectField control={control} name={`spec.limits.${index}.alignment`} label="Alignment" data={ALIGNMENTS} />
      )}
      <SelectField control={control} name={`spec.limits.${index}.mode`} label="Mode" data={MODES} />
    </SimpleGrid>
  );
}
