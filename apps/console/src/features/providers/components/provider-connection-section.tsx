import { SimpleGrid } from '@mantine/core';
import type { LlmProviderTemplate } from '@penstock/contracts';
import { useWatch } from 'react-hook-form';
import { SelectField } from '../../../components/fields/select-field.tsx';
import { SecretField, TextField } from '../../../components/fields/text-field.tsx';
import { FormSection } from '../../../components/form-section.tsx';
import type { ProviderFormParts } from './provider-sections.tsx';
import { newDefinition } from './upstream-draft.ts';

const AUTH_TYPES = [
  { value: 'api-key', label: 'API key' },
  { value: 'other', label: 'Other header' },
  { value: 'none', label: 'None' },
];

const HOST_REWRITES = [
  { value: 'auto', label: 'The server’s own' },
  { value: 'manual', label: 'As the caller sent it' },
];

/** Where the provider is and how Penstock logs in there. */
export function ConnectionSection({ form, template, provider }: ProviderFormParts) {
  const { control } = form;
  const authType = useWatch({ control, name: 'spec.upstream.auth.type' });
  const version = useWatch({ control, name: 'spec.upstream.apiVersion' });
  const stored = provider?.status.credential;
  return (
    <FormSection title="Connection">
      <ServersFields form={form} />
      {(version || template?.metadata.name.startsWith('azure')) && (
        <TextField
          control={control}
          name="spec.upstream.apiVersion"
          label="API version"
          description="A date asks for the deployments of that version. Leave it empty for the v1 API."
          code
        />
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <SelectField control={control} name="spec.upstream.auth.type" label="Authentication" data={AUTH_TYPES} />
        {authType !== 'none' && (
          <TextField
            control={control}
            name="spec.upstream.auth.header"
            label="Header"
            code
            placeholder={template?.spec.authHeader ?? 'Authorization'}
          />
        )}
      </SimpleGrid>
      {authType !== 'none' && (
        <SecretField
          control={control}
          name="spec.upstream.auth.value"
          label="Credential"
          description={
            stored
              ? `Ends in ${stored.lastFour}. Leave empty to keep it.`
              : `Stored encrypted and never shown again.${prefixHint(template)}`
          }
          required={!stored}
        />
      )}
      <SelectField
        control={control}
        name="spec.upstream.hostRewrite"
        label="Host header"
        description="What the server is told about the host that was asked for."
        placeholder="the server’s own"
        data={HOST_REWRITES}
        clearable
      />
    </FormSection>
  );
}

function prefixHint(template: LlmProviderTemplate | undefined): string {
  const prefix = template?.spec.authValuePrefix.trim();
  return prefix ? ` “${prefix}” is put before it where it is missing.` : '';
}

const SERVERS = [
  { value: 'url', label: 'One URL' },
  { value: 'definition', label: 'Several, by a definition' },
];

/** One URL, or the name of a definition with several. */
function ServersFields({ form }: Pick<ProviderFormParts, 'form'>) {
  const { control } = form;
  const servers = useWatch({ control, name: 'servers' });
  const names = useWatch({ control, name: 'spec.upstreamDefinitions' }).map(({ name }) => name);
  return (
    <>
      <SelectField
        control={control}
        name="servers"
        label="Servers"
        description="Several share the requests by weight."
        data={SERVERS}
        onPicked={(picked) => picked === 'definition' && beginDefinition(form)}
      />
      {servers === 'url' ? (
        <TextField
          control={control}
          name="spec.upstream.url"
          label="Base URL"
          description="For OpenAI and vLLM it may end in /v1; both spellings work."
          type="url"
          code
          required
        />
      ) : (
        <SelectField
          control={control}
          name="spec.upstream.ref"
          label="Definition"
          description="One of those below."
          data={[...new Set(names.filter(Boolean))]}
          required
        />
      )}
    </>
  );
}

/** Begins with the server that there was. */
function beginDefinition(form: ProviderFormParts['form']): void {
  const { upstream, upstreamDefinitions } = form.getValues('spec');
  const [first = newDefinition('servers', upstream.url)] = upstreamDefinitions;
  if (upstreamDefinitions.length === 0) form.setValue('spec.upstreamDefinitions', [first]);
  if (!upstream.ref) form.setValue('spec.upstream.ref', first.name);
}
