import { Select, SimpleGrid, Stack } from '@mantine/core';
import type { PolicyDescription } from '@penstock/contracts';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { useController } from 'react-hook-form';
import { policyCatalogueQuery } from '../../policies/api/policy-catalogue.ts';
import { errorAt, messageFor } from '../../policies/components/field-messages.ts';
import { focusFirstWrong } from '../../policies/components/focus-first-wrong.ts';
import { parameterSchema } from '../../policies/components/json-schema.ts';
import { ParamsFields } from '../../policies/components/params-fields.tsx';
import { describedAs } from '../../policies/components/policy-categories.ts';
import { startGroup } from '../../policies/components/schema-value.ts';
import type { TransformerDraft } from './hop-draft.ts';
import type { ProxyFormParts } from './proxy-sections.tsx';

interface TransformerFieldProps extends ProxyFormParts {
  /** Of the additional provider. */
  readonly index: number;
}

/** How requests are rewritten for one provider: a translation of the catalogue, and its parameters. */
export function TransformerField({ form: { control }, index }: TransformerFieldProps) {
  const catalogue = useQuery(policyCatalogueQuery);
  const { field, fieldState } = useController({ control, name: `spec.additionalProviders.${index}.transformer` });
  const box = useRef<HTMLDivElement>(null);
  const { ref } = field;
  useEffect(() => ref({ focus: () => focusFirstWrong(box.current) }), [ref]);
  const common = {
    transformer: field.value,
    error: fieldState.error as unknown,
    onChange: (next: TransformerDraft | null) => field.onChange(next),
  };
  const description = field.value ? describedAs(catalogue.data ?? [], field.value.type) : undefined;
  return (
    <Stack ref={box} gap="md">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TypeField {...common} catalogue={catalogue.data ?? []} />
        {common.transformer && <VersionField {...common} description={description} />}
      </SimpleGrid>
      {common.transformer && !catalogue.isPending && <Parameters {...common} description={description} />}
    </Stack>
  );
}

const NONE = { value: 'none', label: 'None' };

interface PartProps {
  readonly transformer: TransformerDraft | null;
  readonly error: unknown;
  readonly onChange: (transformer: TransformerDraft | null) => void;
}

function TypeField({
  transformer,
  error,
  onChange,
  catalogue,
}: PartProps & { readonly catalogue: readonly PolicyDescription[] }) {
  const translations = catalogue.filter(({ category }) => category === 'translation');
  const choices = [NONE, ...translations.map(({ name, title }) => ({ value: name, label: title }))];
  const written = transformer?.type ?? NONE.value;
  // A document may call it by one of its other names.
  const isListed = choices.some(({ value }) => value === written);
  const pick = (type: string | null) => {
    const description = translations.find(({ name }) => name === type);
    if (!description) return onChange(null);
    const version = description.versions.at(-1) ?? 'v1';
    return onChange({ type: description.name, version, params: startGroup(parameterSchema(description)) });
  };
  return (
    <Select
      label="Transformer"
      description="Rewrites requests when this provider was chosen."
      data={isListed ? choices : [...choices, { value: written, label: written }]}
      value={written}
      onChange={(type) => type !== written && pick(type)}
      allowDeselect={false}
      error={messageFor({ error: errorAt(error, 'type'), required: true, value: written })}
    />
  );
}

interface DescribedProps extends PartProps {
  readonly description: PolicyDescription | undefined;
}

function VersionField({ transformer, description, error, onChange }: DescribedProps) {
  if (!transformer) return null;
  const { version } = transformer;
  return (
    <Select
      label="Transformer version"
      description="Of its parameters."
      data={[...new Set([...(description?.versions ?? []), version])]}
      value={version}
      allowDeselect={false}
      error={messageFor({ error: errorAt(error, 'version'), required: true, value: version })}
      onChange={(picked) => onChange({ ...transformer, version: picked ?? version })}
    />
  );
}

function Parameters({ transformer, description, error, onChange }: DescribedProps) {
  const names = Object.keys((transformer?.params ?? {}) as object).join(' ');
  const shown = useMemo(() => description && withoutPlaces(description, names.split(' ')), [description, names]);
  if (!transformer) return null;
  return (
    <ParamsFields
      key={transformer.type}
      description={shown}
      value={transformer.params}
      error={errorAt(error, 'params')}
      onChange={(params) => onChange({ ...transformer, params })}
    />
  );
}

const PLACES = ['providerId', 'id', 'provider', 'upstreamName'];

/** Where a transformer stands says which provider it is for; only a document that says it again shows that. */
function withoutPlaces(description: PolicyDescription, written: readonly string[]): PolicyDescription {
  const { parameters } = description;
  const properties = (parameters['properties'] ?? {}) as Readonly<Record<string, unknown>>;
  const shown = Object.entries(properties).filter(([name]) => !PLACES.includes(name) || written.includes(name));
  return { ...description, parameters: { ...parameters, properties: Object.fromEntries(shown) } as typeof parameters };
}
