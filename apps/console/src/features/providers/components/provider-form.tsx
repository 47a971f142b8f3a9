import { zodResolver } from '@hookform/resolvers/zod';
import { Grid, Stack } from '@mantine/core';
import type { LlmProvider, LlmProviderManifest } from '@penstock/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { FormActions } from '../../../components/form-actions.tsx';
import { FormRefusal } from '../../../components/form-refusal.tsx';
import { reportRefusal } from '../../../lib/form-errors.ts';
import { PolicyEditor } from '../../policies/components/policy-editor.tsx';
import { policyListOf } from '../../policies/components/policy-list-of.ts';
import { templatesQuery } from '../api/templates.ts';
import { ConnectionTest } from './connection-test.tsx';
import { ConnectionSection } from './provider-connection-section.tsx';
import { draftOfProvider, NEW_PROVIDER, providerSchema, type ProviderDraft } from './provider-draft.ts';
import { ReachSection } from './provider-reach-section.tsx';
import { AdvancedSection, IdentitySection } from './provider-sections.tsx';
import { ModelsSection } from './provider-models-section.tsx';
import { UpstreamDefinitionsSection } from './upstream-definitions-section.tsx';

interface ProviderFormProps {
  /** The provider to edit; absent for a new one. */
  readonly provider?: LlmProvider;
  readonly submit: string;
  readonly onSubmit: (manifest: LlmProviderManifest) => Promise<unknown>;
  /** Beside the form, below the connection test. */
  readonly children?: ReactNode;
}

/** Creates or edits a provider; the connection can be tested before anything is saved. */
export function ProviderForm({ provider, submit, onSubmit, children }: ProviderFormProps) {
  const templates = useQuery(templatesQuery).data?.items ?? [];
  const [refusal, setRefusal] = useState<string[]>([]);
  const [discovered, setDiscovered] = useState<readonly string[]>([]);
  const form = useForm<ProviderDraft, unknown, LlmProviderManifest>({
    defaultValues: provider ? draftOfProvider(provider) : NEW_PROVIDER,
    resolver: (draft, context, options) =>
      zodResolver(providerSchema(templates.find(({ metadata }) => metadata.name === draft.spec.template)))(
        draft,
        context,
        options,
      ),
  });
  const chosen = useWatch({ control: form.control, name: 'spec.template' });
  const template = templates.find(({ metadata }) => metadata.name === chosen);

  const save = form.handleSubmit(async (manifest) => {
    setRefusal([]);
    try {
      await onSubmit(manifest);
    } catch (error) {
      setRefusal(reportRefusal(form, error, policyListOf));
    }
  });

  const parts = { form, template, templates, provider };
  return (
    <form onSubmit={(event) => void save(event)} noValidate>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Stack gap="lg">
            <FormRefusal messages={refusal} />
            <IdentitySection {...parts} />
            <ConnectionSection {...parts} />
            <UpstreamDefinitionsSection form={form} />
            <ModelsSection form={form} discovered={discovered} />
            <ReachSection form={form} />
            <PolicyEditor control={form.control} at="spec." noun="provider" />
            <AdvancedSection {...parts} />
            <FormActions submit={submit} busy={form.formState.isSubmitting} cancelTo="/providers" />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Stack gap="lg">
            <ConnectionTest form={form} template={template} provider={provider} onModels={setDiscovered} />
            {children}
          </Stack>
        </Grid.Col>
      </Grid>
    </form>
  );
}
