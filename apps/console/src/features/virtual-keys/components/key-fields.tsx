import { Accordion, SimpleGrid, Stack } from '@mantine/core';
import type { VirtualKeyManifest } from '@penstock/contracts';
import { useQuery } from '@tanstack/react-query';
import type { UseFormReturn } from 'react-hook-form';
import { MultiSelectField, SelectField, TagsField } from '../../../components/fields/select-field.tsx';
import { SwitchField } from '../../../components/fields/switch-field.tsx';
import { TextField } from '../../../components/fields/text-field.tsx';
import { proxiesQuery } from '../../proxies/api/proxies.ts';
import { QuotasField } from '../../quotas/components/quotas-field.tsx';
import { teamsQuery } from '../../teams/api/teams.ts';
import type { KeyDraft } from './key-draft.ts';

interface KeyFieldsProps {
  readonly form: UseFormReturn<KeyDraft, unknown, VirtualKeyManifest>;
  /** Whether the key exists: its name is fixed then. */
  readonly exists: boolean;
}

const EVERYTHING = { limit: 500, sort: 'name' } as const;

/** The two fields that every key needs. */
export function RequiredKeyFields({ form, exists }: KeyFieldsProps) {
  const { control } = form;
  const teams = useQuery(teamsQuery(EVERYTHING)).data?.items ?? [];
  return (
    <>
      <TextField
        control={control}
        name="metadata.name"
        label="Name"
        first={!exists}
        description="Shown in usage and audit, such as the application’s name."
        code
        required
        disabled={exists}
      />
      <SelectField
        control={control}
        name="spec.team"
        label="Team"
        data={teams.map(({ metadata, spec }) => ({ value: metadata.name, label: spec.displayName }))}
        searchable
        required
      />
    </>
  );
}

/** What narrows a key down. */
export function AccessFields({ form }: Pick<KeyFieldsProps, 'form'>) {
  const { control } = form;
  const proxies = useQuery(proxiesQuery(EVERYTHING)).data?.items ?? [];
  const models = [...new Set(proxies.flatMap(({ spec }) => spec.models.map(({ name }) => name)))];
  return (
    <Stack>
      <TextField control={control} name="spec.displayName" label="Display name" />
      <QuotasField control={control} name="spec.quotas" />
      <MultiSelectField
        control={control}
        name="spec.proxies"
        label="Proxies"
        description="Nothing chosen: all of them."
        data={proxies.map(({ metadata, spec }) => ({
          value: metadata.name,
          label: `${metadata.name} (${spec.context})`,
        }))}
        searchable
      />
      <TagsField
        control={control}
        name="spec.models"
        label="Models"
        description="Nothing entered: every model."
        data={models}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextField
          control={control}
          name="spec.expiresAt"
          label="Expires"
          description="In your time zone. Empty: never."
          type="datetime-local"
        />
        <TagsField
          control={control}
          name="spec.ipAllowList"
          label="Allowed addresses"
          description="IP addresses or CIDR ranges. Empty: any."
        />
      </SimpleGrid>
      <SwitchField
        control={control}
        name="spec.enabled"
        label="Enabled"
        description="A disabled key is refused with 401."
      />
    </Stack>
  );
}

/** {@link AccessFields}, collapsed. */
export function AdvancedKeyFields({ form }: Pick<KeyFieldsProps, 'form'>) {
  return (
    <Accordion variant="separated">
      <Accordion.Item value="advanced">
        <Accordion.Control>Advanced: quotas, models, expiry, addresses</Accordion.Control>
        <Accordion.Panel>
          <AccessFields form={form} />
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
