import { SimpleGrid } from '@mantine/core';
import type { ModelPriceManifest } from '@penstock/contracts';
import { useQuery } from '@tanstack/react-query';
import { useId, type FormEvent } from 'react';
import { useWatch, type UseFormReturn } from 'react-hook-form';
import { NumberField } from '../../../components/fields/number-field.tsx';
import { SelectField } from '../../../components/fields/select-field.tsx';
import { TextField } from '../../../components/fields/text-field.tsx';
import { followingName } from '../../../lib/name-from.ts';
import { providersQuery } from '../../providers/api/providers.ts';
import type { PriceDraft } from './price-draft.ts';
import type { PriceKind } from './price-kinds.ts';

export interface PriceSectionProps {
  readonly form: UseFormReturn<PriceDraft, unknown, ModelPriceManifest>;
}

interface PricedModelProps extends PriceSectionProps {
  /** Whether the price is saved: its name is fixed then. */
  readonly exists: boolean;
}

const EVERYTHING = { limit: 500, sort: 'name' } as const;

/** What has the price, and the price's own name, which follows until the admin gives another one. */
export function PricedModelFields({ form, exists }: PricedModelProps) {
  const { control } = form;
  const suggestions = useId();
  const providers = useQuery(providersQuery(EVERYTHING)).data?.items ?? [];
  const { provider, model } = useWatch({ control, name: 'spec' });
  const models = providers.find(({ metadata }) => metadata.name === provider)?.spec.models ?? [];
  const follow = (next: { readonly provider?: string; readonly model?: string }) => {
    if (exists) return;
    const before = `${provider} ${model}`;
    const after = `${next.provider ?? provider} ${next.model ?? model}`;
    form.setValue('metadata.name', followingName(form.getValues('metadata.name'), before, after));
  };
  return (
    <SimpleGrid cols={{ base: 1, sm: 3 }}>
      <SelectField
        control={control}
        name="spec.provider"
        label="Provider"
        data={providers.map(({ metadata, spec }) => ({ value: metadata.name, label: spec.displayName }))}
        searchable
        required
        onPicked={(picked) => follow({ provider: picked })}
      />
      <TextField
        control={control}
        name="spec.model"
        label="Model"
        code
        required
        input={{
          list: suggestions,
          onInput: (event: FormEvent<HTMLInputElement>) => follow({ model: event.currentTarget.value }),
        }}
      />
      <datalist id={suggestions}>
        {models.map(({ id }) => (
          <option key={id} value={id} />
        ))}
      </datalist>
      <TextField control={control} name="metadata.name" label="Name" code required disabled={exists} />
    </SimpleGrid>
  );
}

type AmountsPath = 'spec' | `spec.tiers.${number}`;

interface AmountFieldsProps extends PriceSectionProps {
  /** Where the amounts stand in the form. */
  readonly at: AmountsPath;
  readonly kinds: readonly PriceKind[];
}

/** What a million tokens of each kind cost. */
export function AmountFields({ form: { control }, at, kinds }: AmountFieldsProps) {
  return kinds.map(({ name, label, otherwise }) => (
    <NumberField
      key={name}
      control={control}
      name={`${at}.${name}`}
      label={label}
      prefix="$"
      decimals={6}
      {...(otherwise === undefined ? { required: true } : { placeholder: otherwise })}
    />
  ));
}
