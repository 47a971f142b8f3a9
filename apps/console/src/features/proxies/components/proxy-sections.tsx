import { Alert, SimpleGrid, Text } from '@mantine/core';
import type { LlmProxyManifest } from '@penstock/contracts';
import { IconLockOpen2 } from '@tabler/icons-react';
import type { FormEvent } from 'react';
import { useWatch, type UseFormReturn } from 'react-hook-form';
import { SelectField } from '../../../components/fields/select-field.tsx';
import { SwitchField } from '../../../components/fields/switch-field.tsx';
import { TextField } from '../../../components/fields/text-field.tsx';
import { FormSection } from '../../../components/form-section.tsx';
import { useGatewayUrl } from '../../../lib/gateway-url.ts';
import { followingName } from '../../../lib/name-from.ts';
import { QuotasField } from '../../quotas/components/quotas-field.tsx';
import type { ProxyDraft } from './proxy-draft.ts';

/** The form, as its sections take it. */
export interface ProxyFormParts {
  readonly form: UseFormReturn<ProxyDraft, unknown, LlmProxyManifest>;
}

/** What the proxy is called and where it is reached. */
export function EndpointSection({ form, exists }: ProxyFormParts & { readonly exists: boolean }) {
  const { control } = form;
  const gateway = useGatewayUrl();
  const context = useWatch({ control, name: 'spec.context' });
  const followDisplayName = (event: FormEvent<HTMLInputElement>) => {
    const { metadata, spec } = form.getValues();
    if (exists) return;
    form.setValue('metadata.name', followingName(metadata.name, spec.displayName, event.currentTarget.value));
  };
  return (
    <FormSection title="Endpoint" description="What applications and agents call.">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextField
          control={control}
          name="spec.displayName"
          label="Display name"
          required
          input={{ onInput: followDisplayName }}
        />
        <TextField
          control={control}
          name="metadata.name"
          label="Name"
          description={exists ? 'Keys and usage refer to it; it cannot change.' : 'How keys and usage refer to it.'}
          code
          required
          disabled={exists}
        />
      </SimpleGrid>
      <TextField
        control={control}
        name="spec.context"
        label="Context"
        description={
          <>
            Callers use {gateway}
            {context === '/' ? '' : context}/v1 as their base URL.
          </>
        }
        code
        required
      />
      <TextField
        control={control}
        name="spec.vhost"
        label="Host"
        description="Answers only there, such as api.example.com, or *.example.com for all below. Empty: on every host."
        placeholder="every host"
        code
      />
    </FormSection>
  );
}

const AUTHENTICATION = [
  { value: 'virtual-key', label: 'Virtual key' },
  { value: 'none', label: 'None: open to everybody' },
];

const UNSUPPORTED_PARAMETERS = [
  { value: 'lenient', label: 'Left out, with a warning' },
  { value: 'strict', label: 'Refused' },
];

/** Who may call the proxy, and what limits it. */
export function AccessSection({ form }: ProxyFormParts) {
  const { control } = form;
  const authentication = useWatch({ control, name: 'spec.authentication' });
  return (
    <FormSection title="Access">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <SelectField
          control={control}
          name="spec.authentication"
          label="Authentication"
          description="What callers have to show."
          data={AUTHENTICATION}
        />
        <QuotasField control={control} name="spec.quotas" />
        <SelectField
          control={control}
          name="spec.unsupportedParameters"
          label="Unsupported parameters"
          description="What becomes of a parameter that the model does not have."
          data={UNSUPPORTED_PARAMETERS}
        />
      </SimpleGrid>
      {authentication === 'none' && <OpenProxyWarning />}
      <SwitchField
        control={control}
        name="spec.deploymentState"
        label="Deployed"
        description="An undeployed proxy answers as if it did not exist."
        on="deployed"
        off="undeployed"
      />
    </FormSection>
  );
}

/** Says what an open proxy means. */
export function OpenProxyWarning() {
  return (
    <Alert color="yellow" variant="light" icon={<IconLockOpen2 aria-hidden />} title="This proxy is open" role="status">
      <Text fz="sm">
        Everybody who reaches the gateway can use it, at your expense and without a name in the usage. Attach a quota,
        or require a virtual key.
      </Text>
    </Alert>
  );
}

/** How long a request may take. */
export function TimeoutsSection({ form: { control } }: ProxyFormParts) {
  return (
    <FormSection
      title="Timeouts"
      description="Durations such as 30s or 2m; 0s switches one off. Of these and the provider’s own the tighter holds."
    >
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextField
          control={control}
          name="spec.resilience.timeout"
          label="Total"
          description="For the whole request."
          placeholder="the provider’s"
          code
        />
        <TextField
          control={control}
          name="spec.resilience.idleTimeout"
          label="Idle"
          description="Between two chunks of the answer."
          placeholder="the provider’s"
          code
        />
      </SimpleGrid>
    </FormSection>
  );
}
