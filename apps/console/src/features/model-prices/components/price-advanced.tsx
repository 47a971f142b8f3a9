import { Accordion, Button, Group, Paper, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { get, useFieldArray, useFormState } from 'react-hook-form';
import { NumberField } from '../../../components/fields/number-field.tsx';
import { firstMessage } from '../../../lib/form-errors.ts';
import { NEW_TIER, type PriceDraft } from './price-draft.ts';
import { FURTHER_KINDS, PRICE_KINDS } from './price-kinds.ts';
import { AmountFields, type PriceSectionProps } from './price-sections.tsx';

/** Tiers that a price may have. */
const MAX_TIERS = 5;

/** What few prices have; open where something is entered, and where something is wrong. */
export function PriceAdvanced({ form }: PriceSectionProps) {
  const { control } = form;
  const { errors } = useFormState({ control });
  const wrong = ['tiers', ...FURTHER_KINDS.map(({ name }) => name)].some((name) => get(errors, `spec.${name}`));
  const [opened, setOpened] = useState(() => isUsed(form.getValues()));
  return (
    <Accordion
      variant="separated"
      value={opened || wrong ? 'advanced' : null}
      onChange={(value) => setOpened(value === 'advanced')}
    >
      <Accordion.Item value="advanced">
        <Accordion.Control>Advanced: cache writes, audio, images, tiers</Accordion.Control>
        <Accordion.Panel>
          <Stack gap="lg">
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <AmountFields form={form} at="spec" kinds={FURTHER_KINDS} />
            </SimpleGrid>
            <Tiers form={form} />
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

function isUsed({ spec }: PriceDraft): boolean {
  return spec.tiers.length > 0 || FURTHER_KINDS.some(({ name }) => spec[name] !== null);
}

function Tiers({ form }: PriceSectionProps) {
  const tiers = useFieldArray({ control: form.control, name: 'spec.tiers' });
  const error: unknown = form.formState.errors.spec?.tiers;
  const message = firstMessage(get(error, 'root') ?? error);
  return (
    <Stack gap="sm">
      <div>
        <Text fz="sm" fw={550}>
          Tiers
        </Text>
        <Text fz="sm" c="dimmed">
          Some vendors ask more for the whole of a long request. The last tier that the input exceeds holds for all of
          it.
        </Text>
      </div>
      {tiers.fields.map((tier, index) => (
        <Tier key={tier.id} form={form} index={index} onRemove={() => tiers.remove(index)} />
      ))}
      {message && (
        <Text fz="sm" c="var(--mantine-color-error)" role="alert">
          {message}
        </Text>
      )}
      {tiers.fields.length < MAX_TIERS && (
        <Group>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={15} aria-hidden />}
            onClick={() => tiers.append(NEW_TIER)}
          >
            Add a tier
          </Button>
        </Group>
      )}
    </Stack>
  );
}

interface TierProps extends PriceSectionProps {
  readonly index: number;
  readonly onRemove: () => void;
}

function Tier({ form, index, onRemove }: TierProps) {
  return (
    <Paper p="md" component="fieldset" m={0} aria-label={`Tier ${index + 1}`}>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm">
        <NumberField
          control={form.control}
          name={`spec.tiers.${index}.aboveInputTokens`}
          label="Above input tokens"
          placeholder="such as 200,000"
          required
        />
        <AmountFields form={form} at={`spec.tiers.${index}`} kinds={PRICE_KINDS} />
      </SimpleGrid>
      <Group justify="flex-end" mt="sm">
        <Button
          variant="subtle"
          color="gray"
          size="xs"
          leftSection={<IconTrash size={15} aria-hidden />}
          onClick={onRemove}
          aria-label={`Remove tier ${index + 1}`}
        >
          Remove
        </Button>
      </Group>
    </Paper>
  );
}
