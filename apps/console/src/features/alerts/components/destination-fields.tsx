import type { AlertChannel, AlertChannelManifest } from '@penstock/contracts';
import { useWatch, type UseFormReturn } from 'react-hook-form';
import { TagsField } from '../../../components/fields/select-field.tsx';
import { SecretField, TextField } from '../../../components/fields/text-field.tsx';
import type { ChannelDraft } from './channel-draft.ts';

interface DestinationFieldsProps {
  readonly form: UseFormReturn<ChannelDraft, unknown, AlertChannelManifest>;
  /** The saved channel. */
  readonly channel: AlertChannel | undefined;
}

/** Where alerts go, as the channel's type has it. */
export function DestinationFields({ form: { control }, channel }: DestinationFieldsProps) {
  const type = useWatch({ control, name: 'spec.type' });
  if (type === 'email') {
    return (
      <TagsField
        control={control}
        name="spec.to"
        label="Addresses"
        description="Sent by the mail server that the operator has set."
        required
      />
    );
  }
  const target = channel?.status.target;
  return (
    <>
      <TextField
        control={control}
        name="spec.url"
        label="URL"
        description={target ? `Stored: ${target}/… Leave empty to keep it.` : URL_HELP[type]}
        type="url"
        code
        required={!target}
      />
      {type === 'webhook' && (
        <SecretField
          control={control}
          name="spec.signingSecret"
          label="Signing secret"
          description={
            channel
              ? 'Leave empty to keep the one that is stored.'
              : 'Leave empty: Penstock makes one and shows it once. Receivers check with it that an alert is ours.'
          }
        />
      )}
    </>
  );
}

const URL_HELP = {
  webhook: 'Gets a POST for each alert, signed as Standard Webhooks says. Stored encrypted and never shown again.',
  slack:
    'An incoming webhook of Slack, Mattermost or Rocket.Chat, or Discord’s /slack. Stored encrypted and never shown again.',
} as const;
