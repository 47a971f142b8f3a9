import { Accordion, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, useFormState, useWatch } from 'react-hook-form';
import { NumberField } from '../../../components/fields/number-field.tsx';
import { SelectField, SuggestField } from '../../../components/fields/select-field.tsx';
import { proxiesQuery } from '../../proxies/api/proxies.ts';
import type { LimitRowProps } from './limit-row.tsx';
import { settingsOf } from './limit-rules.ts';
import type { LimitDraft } from './quota-draft.ts';

type PartProps = Pick<LimitRowProps, 'form' | 'index'>;

const FIELDS = ['burst', 'onExceeded', 'route', 'estimate', 'onUnavailable', 'onUnknownPrice'] as const;

/** What hardly ever has to change; open where something was changed, and where something is wrong. */
export function LimitAdvanced({ form, index }: PartProps) {
  const { control } = form;
  const limit = useWatch({ control, name: `spec.limits.${index}` });
  const { errors } = useFormState({ control });
  const wrong = FIELDS.some((field) => get(errors, `spec.limits.${index}.${field}`) !== undefined);
  const [opened, setOpened] = useState(() => isChanged(limit));
  const settings = settingsOf(limit);
  return (
    <Accordion
      variant="separated"
      value={opened || wrong ? 'advanced' : null}
      onChange={(value) => setOpened(value === 'advanced')}
    >
      <Accordion.Item value="advanced">
        <Accordion.Control>Advanced</Accordion.Control>
        <Accordion.Panel>
          <Stack gap="md">
            <ExceededFields form={form} index={index} />
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              {settings.burst && <BurstField form={form} index={index} />}
              {settings.estimate && <EstimateField form={form} index={index} />}
              <SelectField
                control={control}
                name={`spec.limits.${index}.onUnavailable`}
                label="While Redis is lost"
                description="The counters of all gateways live there. Each gateway can go on with its own share."
                data={UNAVAILABLE}
                clearable
                placeholder="Go on with a share"
              />
              {settings.unknownPrice && (
                <SelectField
                  control={control}
                  name={`spec.limits.${index}.onUnknownPrice`}
                  label="Models without a price"
                  description="Their cost is unknown: it cannot count against this limit."
                  data={UNKNOWN_PRICE}
                  clearable
                  placeholder="Admit and count as unknown"
                />
              )}
            </SimpleGrid>
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

function isChanged({ burst, onExceeded, estimate, onUnavailable, onUnknownPrice }: LimitDraft): boolean {
  return burst !== null || onExceeded === 'route' || Boolean(estimate || onUnavailable || onUnknownPrice);
}

const UNAVAILABLE = [
  { value: 'local', label: 'Go on with a share' },
  { value: 'deny', label: 'Refuse everything' },
  { value: 'allow', label: 'Admit everything, count later' },
];

const UNKNOWN_PRICE = [
  { value: 'allow', label: 'Admit and count as unknown' },
  { value: 'deny', label: 'Refuse' },
];

const EXCEEDED = [
  { value: 'deny', label: 'Refuse the request' },
  { value: 'route', label: 'Send it to another model' },
];

function ExceededFields({ form: { control }, index }: PartProps) {
  const { mode, onExceeded } = useWatch({ control, name: `spec.limits.${index}` });
  const proxies = useQuery(proxiesQuery({ limit: 500, sort: 'name' })).data?.items ?? [];
  const models = [...new Set(proxies.flatMap(({ spec }) => spec.models.map(({ name }) => name)))].toSorted();
  if (mode === 'shadow') {
    return (
      <Text fz="sm" c="dimmed">
        A limit that only counts never refuses anything.
      </Text>
    );
  }
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <SelectField
        control={control}
        name={`spec.limits.${index}.onExceeded`}
        label="When a request does not fit"
        description="A cheaper model can take over where a budget ends."
        data={EXCEEDED}
      />
      {onExceeded === 'route' && (
        <SuggestField
          control={control}
          name={`spec.limits.${index}.route`}
          label="Model to send to"
          description="A model of the proxy that the request came through. This limit does not count there."
          data={models}
          required
        />
      )}
    </SimpleGrid>
  );
}

function BurstField({ form: { control }, index }: PartProps) {
  return (
    <NumberField
      control={control}
      name={`spec.limits.${index}.burst`}
      label="Burst"
      description="How much may come at once; the rest is spread over the window."
      placeholder="the amount"
    />
  );
}

const ESTIMATES = [
  { value: 'hard', label: 'The most it can use' },
  { value: 'soft', label: 'What it will probably use' },
];

function EstimateField({ form: { control }, index }: PartProps) {
  const unit = useWatch({ control, name: `spec.limits.${index}.unit` });
  return (
    <SelectField
      control={control}
      name={`spec.limits.${index}.estimate`}
      label="A running request holds"
      description="The most: never exceeded, but less runs at the same time. Probably: more runs, and the end may be a little over."
      data={ESTIMATES}
      clearable
      placeholder={unit === 'cost' ? 'The most it can use' : 'What it will probably use'}
    />
  );
}
