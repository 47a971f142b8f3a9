import { Accordion, SimpleGrid, Stack, Text } from '@mantine/core';
import type { LlmProvider, LlmProviderManifest, LlmProviderTemplate } from '@penstock/contracts';
import type { FormEvent } from 'react';
import type { UseFormReturn } from 'react-hook-form';
import { NumberField } from '../../../components/fields/number-field.tsx';
import { SelectField } from '../../../components/fields/select-field.tsx';
import { SwitchField } from '../../../components/fields/switch-field.tsx';
import { TextField } from '../../../components/fields/text-field.tsx';
import { FormSection } from '../../../components/form-section.tsx';
import { followingName } from '../../../lib/name-from.ts';
import { QuotasField } from '../../quotas/components/quotas-field.tsx';
import type { ProviderDraft } from './provider-draft.ts';

/** The form and what its sections need to know. */
export interface ProviderFormParts {
  readonly form: UseFormReturn<ProviderDraft, unknown, LlmProviderManifest>;
  /** The chosen template. */
  readonly template: LlmProviderTemplate | undefined;
  readonly templates: readonly LlmProviderTemplate[];
  readonly provider: LlmProvider | undefined;
}

/** What the provider is called and what kind of vendor it is. */
export function IdentitySection({ form, templates, provider }: ProviderFormParts) {
  const { control } = form;
  const followDisplayName = (event: FormEvent<HTMLInputElement>) => {
    const { metadata, spec } = form.getValues();
    if (provider) return;
    form.setValue('metadata.name', followingName(metadata.name, spec.displayName, event.currentTarget.value));
  };
  const choices = templates.map(({ metadata, spec }) => ({ value: metadata.name, label: spec.displayName }));
  return (
    <FormSection title="Provider" description="An account at a vendor, or a server of your own.">
      <SelectField
        control={control}
        name="spec.template"
        label="Template"
        description="Decides the wire format and how the credential is sent."
        data={choices}
        searchable
        required
        onPicked={(name) =>
          applyTemplate(
            form,
            templates.find(({ metadata }) => metadata.name === name),
          )
        }
      />
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
          description={provider ? 'Proxies refer to it; it cannot change.' : 'How proxies and callers refer to it.'}
          code
          required
          disabled={provider !== undefined}
        />
      </SimpleGrid>
    </FormSection>
  );
}

/** Fills in what the template knows, without touching what the admin has typed. */
function applyTemplate(form: ProviderFormParts['form'], template: LlmProviderTemplate | undefined): void {
  if (!template) return;
  const { url, auth } = form.getValues('spec.upstream');
  if (!url && template.spec.defaultUrl) form.setValue('spec.upstream.url', template.spec.defaultUrl);
  const open = template.metadata.name === 'vllm' || template.metadata.name === 'openai-compatible';
  if (!auth.value) form.setValue('spec.upstream.auth.type', open ? 'none' : 'api-key');
  form.setValue('spec.upstream.auth.header', template.spec.authHeader);
}

interface TimeoutWords {
  readonly name: 'connect' | 'firstByte' | 'idle' | 'total';
  readonly label: string;
  readonly description: string;
  /** What else documents may call it. */
  readonly spelling?: 'timeout' | 'idleTimeout';
}

const TIMEOUTS: readonly TimeoutWords[] = [
  { name: 'connect', label: 'Connect', description: 'Until the connection stands.' },
  { name: 'firstByte', label: 'First byte', description: 'Until the answer begins.' },
  { name: 'idle', label: 'Idle', description: 'Between two chunks of the answer.', spelling: 'idleTimeout' },
  { name: 'total', label: 'Total', description: 'For the whole request.', spelling: 'timeout' },
];

/** A document that calls a timeout by its other name keeps that name. */
function placeOfTimeout({ name, spelling }: TimeoutWords, provider: LlmProvider | undefined) {
  if (spelling && provider?.spec.resilience?.[spelling] !== undefined) return `spec.resilience.${spelling}` as const;
  return `spec.timeouts.${name}` as const;
}

/** What hardly ever has to change; collapsed. */
export function AdvancedSection({ form, provider }: Pick<ProviderFormParts, 'form' | 'provider'>) {
  const { control } = form;
  return (
    <Accordion variant="separated">
      <Accordion.Item value="advanced">
        <Accordion.Control>Timeouts, quotas and deployment</Accordion.Control>
        <Accordion.Panel>
          <Stack>
            <Text fz="sm" c="dimmed">
              Durations such as 500ms, 30s or 2m. Empty fields use the gateway’s defaults.
            </Text>
            <SimpleGrid cols={{ base: 1, xs: 2, sm: 4 }}>
              {TIMEOUTS.map((timeout) => (
                <TextField
                  key={timeout.name}
                  control={control}
                  name={placeOfTimeout(timeout, provider)}
                  label={timeout.label}
                  description={timeout.description}
                  code
                />
              ))}
            </SimpleGrid>
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <NumberField
                control={control}
                name="spec.maxConnections"
                label="Connections"
                description="To the upstream, for each gateway process."
                min={1}
                max={10_000}
              />
              <QuotasField control={control} name="spec.quotas" />
            </SimpleGrid>
            <DeployedField form={form} />
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

function DeployedField({ form }: Pick<ProviderFormParts, 'form'>) {
  return (
    <SwitchField
      control={form.control}
      name="spec.deploymentState"
      label="Deployed"
      description="An undeployed provider gets no requests."
      on="deployed"
      off="undeployed"
    />
  );
}
