import { zodResolver } from '@hookform/resolvers/zod';
import { SimpleGrid, Stack } from '@mantine/core';
import type { ModelPrice, ModelPriceManifest } from '@penstock/contracts';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { TextField } from '../../../components/fields/text-field.tsx';
import { FormActions } from '../../../components/form-actions.tsx';
import { FormRefusal } from '../../../components/form-refusal.tsx';
import { FormSection } from '../../../components/form-section.tsx';
import { reportRefusal } from '../../../lib/form-errors.ts';
import { PriceAdvanced } from './price-advanced.tsx';
import { draftOfPrice, NEW_PRICE, priceSchema, type PriceDraft } from './price-draft.ts';
import { MAIN_KINDS } from './price-kinds.ts';
import { AmountFields, PricedModelFields } from './price-sections.tsx';

interface PriceFormProps {
  /** The price to edit; absent for a new one. */
  readonly price?: ModelPrice;
  /** What a new price is for, where that is known. */
  readonly draft?: PriceDraft;
  readonly submit: string;
  readonly onSubmit: (manifest: ModelPriceManifest) => Promise<unknown>;
}

/** Creates or edits a price. */
export function PriceForm({ price, draft = NEW_PRICE, submit, onSubmit }: PriceFormProps) {
  const [refusal, setRefusal] = useState<string[]>([]);
  const form = useForm<PriceDraft, unknown, ModelPriceManifest>({
    defaultValues: price ? draftOfPrice(price) : draft,
    resolver: zodResolver(priceSchema),
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
        <FormSection title="Model">
          <PricedModelFields form={form} exists={price !== undefined} />
        </FormSection>
        <FormSection title="Price" description="In US dollars for a million tokens.">
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <AmountFields form={form} at="spec" kinds={MAIN_KINDS} />
            <TextField
              control={control}
              name="spec.effectiveFrom"
              label="Effective from"
              description="Empty: always. Of several prices of a model, the last one whose time has come holds."
              type="datetime-local"
            />
          </SimpleGrid>
          <PriceAdvanced form={form} />
        </FormSection>
        <FormActions submit={submit} busy={form.formState.isSubmitting} cancelTo="/model-prices" />
      </Stack>
    </form>
  );
}
