import { ActionIcon, Group, SimpleGrid } from '@mantine/core';
import type { QuotaManifest } from '@penstock/contracts';
import { IconTrash } from '@tabler/icons-react';
import { useWatch, type UseFormReturn } from 'react-hook-form';
import { NumberField } from '../../../components/fields/number-field.tsx';
import { SelectField } from '../../../components/fields/select-field.tsx';
import { hasBurst, type QuotaDraft } from './quota-draft.ts';

const UNITS = [
  { value: 'requests', label: 'Requests' },
  { value: 'tokens', label: 'Tokens' },
  { value: 'input-tokens', label: 'Input tokens' },
  { value: 'output-tokens', label: 'Output tokens' },
  { value: 'cost', label: 'Cost (USD)' },
  { value: 'concurrency', label: 'In flight at once' },
];

const WINDOWS = ['second', 'minute', 'hour', 'day', 'week', 'month'].map((value) => ({ value, label: `per ${value}` }));

const MODES = [
  { value: 'enforce', label: 'Enforce' },
  { value: 'shadow', label: 'Only count' },
];

interface LimitRowProps {
  readonly form: UseFormReturn<QuotaDraft, unknown, QuotaManifest>;
  readonly index: number;
  /** Absent for the last limit: a quota needs one. */
  readonly onRemove: (() => void) | undefined;
}

/** One limit: how much of what, in which window. */
export function LimitRow({ form, index, onRemove }: LimitRowProps) {
  const { control } = form;
  const { unit, window } = useWatch({ control, name: `spec.limits.${index}` });
  const money = unit === 'cost';
  const amount = money ? { prefix: '$', decimals: 6 } : {};
  const windows = money ? WINDOWS.filter(({ value }) => value !== 'second' && value !== 'minute') : WINDOWS;
  const keepWindowValid = (picked: string) => {
    const tooShort = picked === 'cost' && (window === 'second' || window === 'minute');
    if (tooShort || (picked !== 'concurrency' && !window))
      form.setValue(`spec.limits.${index}.window`, picked === 'cost' ? 'month' : 'minute');
  };
  return (
    <Group align="flex-start" wrap="nowrap" gap="xs" role="group" aria-label={`Limit ${index + 1}`}>
      <SimpleGrid cols={{ base: 2, sm: 5 }} spacing="xs" flex={1}>
        <SelectField
          control={control}
          name={`spec.limits.${index}.unit`}
          label="Unit"
          data={UNITS}
          onPicked={keepWindowValid}
        />
        <NumberField control={control} name={`spec.limits.${index}.max`} label="Amount" required {...amount} />
        <SelectField
          control={control}
          name={`spec.limits.${index}.window`}
          label="Window"
          data={windows}
          disabled={unit === 'concurrency'}
        />
        <NumberField
          control={control}
          name={`spec.limits.${index}.burst`}
          label="Burst"
          placeholder={hasBurst(window) ? 'the amount' : 'none'}
          disabled={unit === 'concurrency' || !hasBurst(window)}
          {...amount}
        />
        <SelectField control={control} name={`spec.limits.${index}.mode`} label="Mode" data={MODES} />
      </SimpleGrid>
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
  );
}
