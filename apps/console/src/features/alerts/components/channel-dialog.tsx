import { zodResolver } from '@hookform/resolvers/zod';
import { Button, Group, Modal, Stack } from '@mantine/core';
import type { AlertChannel, AlertChannelManifest } from '@penstock/contracts';
import { useState, type FormEvent } from 'react';
import { useForm, type UseFormReturn } from 'react-hook-form';
import { SwitchField } from '../../../components/fields/switch-field.tsx';
import { MultiSelectField, SelectField } from '../../../components/fields/select-field.tsx';
import { TextField } from '../../../components/fields/text-field.tsx';
import { FormRefusal } from '../../../components/form-refusal.tsx';
import { reportRefusal } from '../../../lib/form-errors.ts';
import { followingName } from '../../../lib/name-from.ts';
import { notifyDone } from '../../../lib/notify.ts';
import { useSaveAlertChannel, type SavedChannel } from '../api/alert-channels.ts';
import { ALERT_KINDS, CHANNEL_TYPES } from './alert-kinds.ts';
import { channelSchema, draftOfChannel, NEW_CHANNEL, type ChannelDraft } from './channel-draft.ts';
import { DestinationFields } from './destination-fields.tsx';

interface ChannelDialogProps {
  /** The channel to edit, or `new`; null keeps the dialog closed. */
  readonly channel: AlertChannel | 'new' | null;
  readonly onClose: () => void;
  readonly onSaved: (saved: SavedChannel) => void;
}

/** Creates or edits a channel. */
export function ChannelDialog({ channel, onClose, onSaved }: ChannelDialogProps) {
  const title = channel === 'new' ? 'New alert channel' : `Alert channel ${channel?.metadata.name ?? ''}`;
  return (
    <Modal opened={channel !== null} onClose={onClose} title={title} size="lg">
      {channel && <ChannelForm channel={channel === 'new' ? undefined : channel} onClose={onClose} onSaved={onSaved} />}
    </Modal>
  );
}

interface ChannelFormProps extends Pick<ChannelDialogProps, 'onClose' | 'onSaved'> {
  readonly channel: AlertChannel | undefined;
}

function ChannelForm({ channel, onClose, onSaved }: ChannelFormProps) {
  const [refusal, setRefusal] = useState<string[]>([]);
  const { create, replace } = useSaveAlertChannel();
  const form = useForm<ChannelDraft, unknown, AlertChannelManifest>({
    defaultValues: channel ? draftOfChannel(channel) : NEW_CHANNEL,
    resolver: zodResolver(channelSchema),
  });
  const { control } = form;

  const save = form.handleSubmit(async (manifest) => {
    setRefusal([]);
    const { name } = manifest.metadata;
    try {
      const saved = await (channel ? replace(name, manifest) : create(manifest));
      notifyDone(`Alert channel ${name} was saved.`);
      onSaved(saved);
    } catch (error) {
      setRefusal(reportRefusal(form, error));
    }
  });

  return (
    <form onSubmit={(event) => void save(event)} noValidate>
      <Stack>
        <FormRefusal messages={refusal} />
        <IdentityFields form={form} exists={channel !== undefined} />
        <DestinationFields form={form} channel={channel} />
        <MultiSelectField
          control={control}
          name="spec.kinds"
          label="Alerts"
          description="Nothing chosen: all of them."
          data={[...ALERT_KINDS]}
        />
        <SwitchField
          control={control}
          name="spec.enabled"
          label="Enabled"
          description="A channel that is not enabled is told nothing."
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={form.formState.isSubmitting}>
            {channel ? 'Save changes' : 'Create channel'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface IdentityFieldsProps {
  readonly form: UseFormReturn<ChannelDraft, unknown, AlertChannelManifest>;
  /** Whether the channel is saved: its name and type are fixed then. */
  readonly exists: boolean;
}

function IdentityFields({ form, exists }: IdentityFieldsProps) {
  const { control } = form;
  const followDisplayName = (event: FormEvent<HTMLInputElement>) => {
    const { metadata, spec } = form.getValues();
    if (exists) return;
    form.setValue('metadata.name', followingName(metadata.name, spec.displayName, event.currentTarget.value));
  };
  return (
    <>
      <TextField
        control={control}
        name="spec.displayName"
        first
        label="Display name"
        input={{ onInput: followDisplayName }}
      />
      <TextField control={control} name="metadata.name" label="Name" code required disabled={exists} />
      <SelectField control={control} name="spec.type" label="Type" data={[...CHANNEL_TYPES]} disabled={exists} />
    </>
  );
}
