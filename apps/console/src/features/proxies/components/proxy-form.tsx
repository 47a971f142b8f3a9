import { zodResolver } from '@hookform/resolvers/zod';
import { Stack } from '@mantine/core';
import type { LlmProxy, LlmProxyManifest } from '@penstock/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { FormActions } from '../../../components/form-actions.tsx';
import { FormRefusal } from '../../../components/form-refusal.tsx';
import { reportRefusal } from '../../../lib/form-errors.ts';
import { providersQuery } from '../../providers/api/providers.ts';
import { draftOfProxy, NEW_PROXY, proxySchema, type ProxyDraft } from './proxy-draft.ts';
import { policyListOf } from '../../policies/components/policy-list-of.ts';
import { ProxyModelsSection } from './proxy-models-section.tsx';
import { ProxyPolicies } from './proxy-policies.tsx';
import { ProvidersSection } from './proxy-providers-section.tsx';
import { AccessSection, EndpointSection, TimeoutsSection } from './proxy-sections.tsx';
import { transformerOf } from './transformer-of.ts';

interface ProxyFormProps {
  /** The proxy to edit; absent for a new one. */
  readonly proxy?: LlmProxy;
  readonly submit: string;
  readonly onSubmit: (manifest: LlmProxyManifest) => Promise<unknown>;
}

/** Creates or edits a proxy. */
export function ProxyForm({ proxy, submit, onSubmit }: ProxyFormProps) {
  const providers = useQuery(providersQuery({ limit: 500, sort: 'name' })).data?.items ?? [];
  const [refusal, setRefusal] = useState<string[]>([]);
  const form = useForm<ProxyDraft, unknown, LlmProxyManifest>({
    defaultValues: proxy ? draftOfProxy(proxy) : NEW_PROXY,
    resolver: zodResolver(proxySchema),
  });

  const save = form.handleSubmit(async (manifest) => {
    setRefusal([]);
    try {
      await onSubmit(manifest);
    } catch (error) {
      setRefusal(reportRefusal(form, error, (field) => policyListOf(field) ?? transformerOf(field)));
    }
  });

  return (
    <form onSubmit={(event) => void save(event)} noValidate>
      <Stack gap="lg" maw={880}>
        <FormRefusal messages={refusal} />
        <EndpointSection form={form} exists={proxy !== undefined} />
        <ProvidersSection form={form} providers={providers} proxy={proxy} />
        <ProxyModelsSection form={form} providers={providers} />
        <AccessSection form={form} />
        <ProxyPolicies form={form} />
        <TimeoutsSection form={form} />
        <FormActions submit={submit} busy={form.formState.isSubmitting} cancelTo="/proxies" />
      </Stack>
    </form>
  );
}
