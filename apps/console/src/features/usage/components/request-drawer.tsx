import { Code, Drawer, Stack, Title } from '@mantine/core';
import type { UsageEvent } from '@penstock/contracts';
import { FactList, type Fact } from '../../../components/fact-list.tsx';
import { formatDuration } from '../../../lib/format-duration.ts';
import { formatCount } from '../../../lib/format-number.ts';
import { formatDateTimeIn } from '../../../lib/format-time.ts';
import { costOfRequest } from './cost-of-request.ts';
import { OutcomeBadge } from './outcome-badge.tsx';

interface RequestDrawerProps {
  /** The request to show; null keeps the drawer closed. */
  readonly event: UsageEvent | null;
  readonly timeZone: string;
  readonly onClose: () => void;
}

/** One request in full: who, where, tokens by kind, cost and latency. */
export function RequestDrawer({ event, timeZone, onClose }: RequestDrawerProps) {
  return (
    <Drawer opened={event !== null} onClose={onClose} position="right" size="lg" title="Request">
      {event && (
        <Stack gap="lg">
          <FactList facts={originOf(event, timeZone)} />
          <Part title="Tokens" facts={tokensOf(event)} />
          <Part title="Cost" facts={costOf(event)} />
          <Part title="Latency" facts={latencyOf(event)} />
        </Stack>
      )}
    </Drawer>
  );
}

function Part({ title, facts }: { readonly title: string; readonly facts: readonly Fact[] }) {
  return (
    <Stack gap="xs" component="section" aria-label={title}>
      <Title order={2}>{title}</Title>
      <FactList facts={facts} />
    </Stack>
  );
}

function originOf(event: UsageEvent, timeZone: string): Fact[] {
  const { requestedModel, upstreamModel, providerName, dialect, operation, stream } = event;
  return [
    { label: 'When', value: formatDateTimeIn(event.occurredAt, timeZone) },
    { label: 'Outcome', value: <OutcomeBadge {...event} /> },
    ...(event.errorCode ? [{ label: 'Error', value: <Code>{event.errorCode}</Code> }] : []),
    { label: 'Request', value: <Code>{event.requestId}</Code> },
    { label: 'Key', value: event.virtualKeyName ?? '–' },
    { label: 'Team', value: event.teamName ?? '–' },
    ...(event.userTag ? [{ label: 'User', value: event.userTag }] : []),
    { label: 'Proxy', value: event.proxyName ?? '–' },
    { label: 'Model', value: requestedModel },
    { label: 'Served by', value: upstreamModel ? `${upstreamModel} of ${providerName ?? '?'}` : 'nobody' },
    { label: 'Asked as', value: `${operation} in ${dialect}${stream ? ', streamed' : ''}` },
    { label: 'Gateway', value: event.gatewayInstanceId },
  ];
}

const SOURCES = {
  reported: 'reported by the upstream',
  estimated: 'estimated: the upstream reported none',
  presumed: 'presumed: the gateway died before the end',
  none: 'nothing was spent',
} as const satisfies Record<UsageEvent['usageSource'], string>;

const PARTS = [
  { name: 'cachedInputTokens', label: 'of input: cached' },
  { name: 'cacheWriteTokens', label: 'of input: written to a cache' },
  { name: 'longCacheWriteTokens', label: 'of those: with the long life' },
  { name: 'audioInputTokens', label: 'of input: audio' },
  { name: 'imageInputTokens', label: 'of input: images' },
  { name: 'reasoningTokens', label: 'of output: reasoning' },
  { name: 'audioOutputTokens', label: 'of output: audio' },
  { name: 'imageOutputTokens', label: 'of output: images' },
] as const;

function tokensOf({ usage, usageSource }: UsageEvent): Fact[] {
  return [
    { label: 'Input', value: formatCount(usage.inputTokens) },
    { label: 'Output', value: formatCount(usage.outputTokens) },
    ...PARTS.filter(({ name }) => (usage[name] ?? 0) > 0).map(({ name, label }) => ({
      label,
      value: formatCount(usage[name] ?? 0),
    })),
    { label: 'Known from', value: SOURCES[usageSource] },
  ];
}

function costOf(event: UsageEvent): Fact[] {
  return [
    { label: 'Cost', value: costOfRequest(event) },
    { label: 'Price', value: event.priceVersion ? <Code>{event.priceVersion}</Code> : 'none was known' },
  ];
}

function latencyOf({ firstTokenMs, durationMs, attempts }: UsageEvent): Fact[] {
  return [
    { label: 'First token', value: formatDuration(firstTokenMs) },
    { label: 'Duration', value: formatDuration(durationMs) },
    { label: 'Attempts', value: formatCount(attempts) },
  ];
}
