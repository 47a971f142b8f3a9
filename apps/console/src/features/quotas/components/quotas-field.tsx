import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Control, FieldPath, FieldValues } from 'react-hook-form';
import { MultiSelectField } from '../../../components/fields/select-field.tsx';
import { quotasQuery } from '../api/quotas.ts';
import { describeLimit } from './describe-limit.ts';

interface QuotasFieldProps<Values extends FieldValues, Output> {
  readonly control: Control<Values, unknown, Output>;
  readonly name: FieldPath<Values>;
  readonly label?: string;
  /** Null for none. */
  readonly description?: string | null;
}

/** Attaches quotas to a resource. */
export function QuotasField<Values extends FieldValues, Output>({
  control,
  name,
  label = 'Quotas',
  description = 'Each attachment counts for itself.',
}: QuotasFieldProps<Values, Output>) {
  const quotas = useQuery(quotasQuery({ limit: 500, sort: 'name' })).data?.items ?? [];
  const limits = new Map(
    quotas.map(({ metadata, spec }) => [metadata.name, spec.limits.map(describeLimit).join(', ')]),
  );
  return (
    <MultiSelectField
      control={control}
      name={name}
      label={label}
      description={description}
      data={[...limits.keys()]}
      searchable
      renderOption={(quota) => (
        <div>
          <Text fz="sm">{quota}</Text>
          <Text fz="xs" c="dimmed">
            {limits.get(quota)}
          </Text>
        </div>
      )}
    />
  );
}
