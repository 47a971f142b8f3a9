import { Alert, Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { LlmProvider, LlmProviderManifest, LlmProviderTemplate, ProviderTest } from '@penstock/contracts';
import { IconCircleCheck, IconPlugConnected, IconPlugConnectedX } from '@tabler/icons-react';
import { useState } from 'react';
import type { UseFormReturn } from 'react-hook-form';
import { messageOf } from '../../../lib/api-error.ts';
import { formatDuration } from '../../../lib/format-duration.ts';
import { useTestDraft } from '../api/test-connection.ts';
import type { ProviderDraft } from './provider-draft.ts';
import { testedUpstream } from './upstream-draft.ts';

interface ConnectionTestProps {
  readonly form: UseFormReturn<ProviderDraft, unknown, LlmProviderManifest>;
  /** The saved provider; a test without a typed credential uses its stored one. */
  readonly provider: LlmProvider | undefined;
  /** The chosen template. */
  readonly template: LlmProviderTemplate | undefined;
  readonly onModels: (models: readonly string[]) => void;
}

const CONNECTION_FIELDS = [
  'spec.template',
  'spec.upstream.url',
  'spec.upstream.ref',
  'spec.upstreamDefinitions',
  'spec.upstream.auth.header',
  'spec.upstream.auth.value',
] as const;

/** Tries the connection as the form describes it now; nothing is saved, and the rest of the form may be incomplete. */
export function ConnectionTest({ form, template, provider, onModels }: ConnectionTestProps) {
  const test = useTestDraft();
  const [invalid, setInvalid] = useState(false);

  const run = async (): Promise<void> => {
    const valid = await form.trigger(CONNECTION_FIELDS);
    const draft = form.getValues();
    const upstream = testedUpstream(draft, template);
    setInvalid(!valid || !upstream);
    test.reset();
    if (!valid || !upstream) return;
    const saved = provider && { provider: provider.metadata.name };
    // A refusal is shown from the mutation's state.
    const result = await test.mutateAsync({ template: draft.spec.template, upstream, ...saved }).catch(() => undefined);
    if (result?.ok) onModels(result.models);
  };

  return (
    <Paper p="lg" bg="var(--penstock-surface)" component="section" style={{ position: 'sticky', top: 84 }}>
      <Title order={2}>Connection test</Title>
      <Text fz="sm" c="dimmed" mt={2}>
        {provider
          ? 'Tries what the form says, with the stored credential unless you type a new one.'
          : 'Tries what the form says. Nothing is saved.'}
      </Text>
      <Stack mt="md">
        <Button
          variant="light"
          leftSection={<IconPlugConnected size={17} aria-hidden />}
          loading={test.isPending}
          onClick={() => void run()}
        >
          Test connection
        </Button>
        <div aria-live="polite">
          {invalid && <Text fz="sm">Choose a template and say where the server is first.</Text>}
          {test.isError && <TestRefusal error={test.error} />}
          {test.data && <TestResult result={test.data} />}
        </div>
      </Stack>
    </Paper>
  );
}

function TestRefusal({ error }: { readonly error: unknown }) {
  return (
    <Alert color="red" variant="light" icon={<IconPlugConnectedX aria-hidden />} title="The test was refused">
      {messageOf(error)}
    </Alert>
  );
}

const REASONS: Record<ProviderTest['code'], string> = {
  ok: 'Connected',
  unreachable: 'Nothing answers at this address',
  timeout: 'No answer in time',
  unauthorized: 'The credential is not accepted',
  not_allowed: 'This address is not allowed',
  tls: 'The TLS handshake failed',
  dns: 'The host name is unknown',
  unexpected_answer: 'Something else answers at this address',
};

/** What a connection test found. */
export function TestResult({ result }: { readonly result: ProviderTest }) {
  const facts = [result.status ? `HTTP ${result.status}` : null, formatDuration(result.durationMs)]
    .filter(Boolean)
    .join(' · ');
  return (
    <Alert
      color={result.ok ? 'green' : 'red'}
      variant="light"
      icon={result.ok ? <IconCircleCheck aria-hidden /> : <IconPlugConnectedX aria-hidden />}
      title={REASONS[result.code]}
    >
      <Stack gap={8}>
        {result.reason && <Text fz="sm">{result.reason}</Text>}
        <Text fz="sm">{facts}</Text>
        {result.models.length > 0 && <ModelBadges models={result.models} />}
      </Stack>
    </Alert>
  );
}

const SHOWN_MODELS = 12;

function ModelBadges({ models }: { readonly models: readonly string[] }) {
  const more = models.length - SHOWN_MODELS;
  return (
    <Group gap={6} role="group" aria-label="Models discovered">
      {models.slice(0, SHOWN_MODELS).map((model) => (
        <Badge key={model} variant="default" fw={450}>
          {model}
        </Badge>
      ))}
      {more > 0 && <Text fz="xs">and {more} more</Text>}
    </Group>
  );
}
