import { zodResolver } from '@hookform/resolvers/zod';
import { Button, Group, Modal, Stack } from '@mantine/core';
import { TeamManifest, type Team } from '@penstock/contracts';
import { useState, type FormEvent } from 'react';
import { useForm, type Control } from 'react-hook-form';
import type { z } from 'zod';
import { SwitchField } from '../../../components/fields/switch-field.tsx';
import { TextField } from '../../../components/fields/text-field.tsx';
import { FormRefusal } from '../../../components/form-refusal.tsx';
import { reportRefusal } from '../../../lib/form-errors.ts';
import { notifyDone } from '../../../lib/notify.ts';
import { followingName } from '../../../lib/name-from.ts';
import { QuotasField } from '../../quotas/components/quotas-field.tsx';
import { useCreateTeam, useReplaceTeam } from '../api/teams.ts';

interface TeamDialogProps {
  /** The team to edit, or `new`; null keeps the dialog closed. */
  readonly team: Team | 'new' | null;
  readonly onClose: () => void;
}

/** Creates or edits a team. */
export function TeamDialog({ team, onClose }: TeamDialogProps) {
  const title = team === 'new' ? 'New team' : `Team ${team?.metadata.name ?? ''}`;
  return (
    <Modal opened={team !== null} onClose={onClose} title={title}>
      {team && <TeamForm team={team === 'new' ? undefined : team} onClose={onClose} />}
    </Modal>
  );
}

interface TeamFormProps {
  readonly team: Team | undefined;
  readonly onClose: () => void;
}

const NEW_TEAM = {
  metadata: { name: '', labels: {}, annotations: {} },
  spec: { displayName: '', quotas: [], keyQuotas: [], suspended: false },
};

function TeamForm({ team, onClose }: TeamFormProps) {
  const [refusal, setRefusal] = useState<string[]>([]);
  const create = useCreateTeam();
  const replace = useReplaceTeam(team?.metadata.name ?? '', null);
  const form = useForm<z.input<typeof TeamManifest>, unknown, TeamManifest>({
    defaultValues: team ? { metadata: team.metadata, spec: team.spec } : NEW_TEAM,
    resolver: zodResolver(TeamManifest),
  });
  const { control } = form;

  const save = form.handleSubmit(async (manifest) => {
    setRefusal([]);
    try {
      await (team ? replace : create).mutateAsync(manifest);
      notifyDone(`Team ${manifest.metadata.name} was saved.`);
      onClose();
    } catch (error) {
      setRefusal(reportRefusal(form, error));
    }
  });
  const followDisplayName = (event: FormEvent<HTMLInputElement>) => {
    const { metadata, spec } = form.getValues();
    if (team) return;
    form.setValue('metadata.name', followingName(metadata.name, spec.displayName, event.currentTarget.value));
  };

  return (
    <form onSubmit={(event) => void save(event)} noValidate>
      <Stack>
        <FormRefusal messages={refusal} />
        <TextField
          control={control}
          name="spec.displayName"
          first
          label="Display name"
          required
          input={{ onInput: followDisplayName }}
        />
        <TextField control={control} name="metadata.name" label="Name" code required disabled={team !== undefined} />
        <TeamQuotas control={control} />
        <SwitchField
          control={control}
          name="spec.suspended"
          label="Suspended"
          description="Every key of a suspended team is refused with 403."
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={form.formState.isSubmitting}>
            {team ? 'Save changes' : 'Create team'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function TeamQuotas({ control }: { readonly control: Control<z.input<typeof TeamManifest>, unknown, TeamManifest> }) {
  return (
    <>
      <QuotasField
        control={control}
        name="spec.quotas"
        label="Quotas"
        description="All keys of the team share these limits."
      />
      <QuotasField
        control={control}
        name="spec.keyQuotas"
        label="For each key of this team"
        description="Every key has these limits for itself."
      />
    </>
  );
}
