import { zodResolver } from '@hookform/resolvers/zod';
import { Button, Group, Stack, Text } from '@mantine/core';
import { OrganizationManifest, type Organization } from '@penstock/contracts';
import { useMemo, useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { z } from 'zod';
import { SelectField } from '../../../components/fields/select-field.tsx';
import { TextField } from '../../../components/fields/text-field.tsx';
import { FormRefusal } from '../../../components/form-refusal.tsx';
import { FormSection } from '../../../components/form-section.tsx';
import { WriteOnly } from '../../../components/write-only.tsx';
import type { Versioned } from '../../../lib/api-client.ts';
import { reportRefusal } from '../../../lib/form-errors.ts';
import { formatDateTimeIn } from '../../../lib/format-time.ts';
import { notifyDone } from '../../../lib/notify.ts';
import { timeZoneChoices } from '../../../lib/time-zones.ts';
import { useNow } from '../../../lib/use-now.ts';
import { QuotasField } from '../../quotas/components/quotas-field.tsx';
import { useReplaceOrganization } from '../api/organization.ts';

interface OrganizationDraft {
  readonly metadata: OrganizationManifest['metadata'];
  /** An empty display name stands for none. */
  readonly spec: { readonly displayName: string; readonly timeZone: string; readonly quotas: readonly string[] };
}

const organizationSchema = z
  .custom<OrganizationDraft>()
  .transform(({ metadata, spec: { displayName, quotas, ...spec } }): z.input<typeof OrganizationManifest> => ({
    metadata,
    spec: { ...spec, quotas: [...quotas], ...(displayName ? { displayName } : {}) },
  }))
  .pipe(OrganizationManifest);

/** Changes what the organization is called, its time zone, and the limits that all of its requests share. */
export function OrganizationForm({ document: { metadata, spec }, etag }: Versioned<Organization>) {
  const replace = useReplaceOrganization(etag);
  const [refusal, setRefusal] = useState<string[]>([]);
  const form = useForm<OrganizationDraft, unknown, OrganizationManifest>({
    defaultValues: { metadata, spec: { ...spec, displayName: spec.displayName ?? '' } },
    resolver: zodResolver(organizationSchema),
  });
  const { control } = form;
  const zones = useMemo(() => timeZoneChoices(spec.timeZone), [spec.timeZone]);

  const save = form.handleSubmit(async (manifest) => {
    setRefusal([]);
    try {
      await replace.mutateAsync(manifest);
      notifyDone('The organization was saved.');
    } catch (error) {
      setRefusal(reportRefusal(form, error));
    }
  });

  return (
    <form onSubmit={(event) => void save(event)} noValidate>
      <Stack>
        <FormRefusal messages={refusal} />
        <FormSection title="Organization" description="What everything here belongs to.">
          <TextField control={control} name="spec.displayName" label="Display name" placeholder={metadata.name} />
          <SelectField
            control={control}
            name="spec.timeZone"
            label="Time zone"
            description={<ClockOf timeZone={useWatch({ control, name: 'spec.timeZone' })} />}
            data={zones}
            comboboxProps={{ keepMounted: false }}
            searchable
            required
          />
          <QuotasField
            control={control}
            name="spec.quotas"
            description="Limits that all requests of the organization share, such as a budget for everything."
          />
          <WriteOnly>
            <Group justify="flex-end">
              <Button type="submit" loading={form.formState.isSubmitting}>
                Save changes
              </Button>
            </Group>
          </WriteOnly>
        </FormSection>
      </Stack>
    </form>
  );
}

function ClockOf({ timeZone }: { readonly timeZone: string }) {
  const now = useNow();
  return (
    <Text span fz="inherit">
      In which days, weeks and months begin, in limits and reports.
      {timeZone && ` It is ${formatDateTimeIn(new Date(now).toISOString(), timeZone)} there.`}
    </Text>
  );
}
