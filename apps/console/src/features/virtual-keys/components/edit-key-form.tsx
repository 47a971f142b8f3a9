import { zodResolver } from '@hookform/resolvers/zod';
import { Button, Group, Stack } from '@mantine/core';
import type { VirtualKey, VirtualKeyManifest } from '@penstock/contracts';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { FormRefusal } from '../../../components/form-refusal.tsx';
import { FormSection } from '../../../components/form-section.tsx';
import { WriteOnly } from '../../../components/write-only.tsx';
import type { Versioned } from '../../../lib/api-client.ts';
import { reportRefusal } from '../../../lib/form-errors.ts';
import { notifyDone } from '../../../lib/notify.ts';
import { useReplaceVirtualKey } from '../api/virtual-keys.ts';
import { draftOfKey, keySchema, type KeyDraft } from './key-draft.ts';
import { AccessFields, RequiredKeyFields } from './key-fields.tsx';

/** Changes what a key may do. */
export function EditKeyForm({ document, etag }: Versioned<VirtualKey>) {
  const { name } = document.metadata;
  const replace = useReplaceVirtualKey(name, etag);
  const [refusal, setRefusal] = useState<string[]>([]);
  const form = useForm<KeyDraft, unknown, VirtualKeyManifest>({
    defaultValues: draftOfKey(document),
    resolver: zodResolver(keySchema),
  });

  const save = form.handleSubmit(async (manifest) => {
    setRefusal([]);
    try {
      await replace.mutateAsync(manifest);
      notifyDone(`Key ${name} was saved.`);
    } catch (error) {
      setRefusal(reportRefusal(form, error));
    }
  });

  return (
    <form onSubmit={(event) => void save(event)} noValidate>
      <Stack>
        <FormRefusal messages={refusal} />
        <FormSection title="Access" description="Changes reach every gateway within a second.">
          <RequiredKeyFields form={form} exists />
          <AccessFields form={form} />
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
