import { Anchor, Group, Stack, Text, Title } from '@mantine/core';
import type { LimitStatus } from '@penstock/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { FormSection } from '../../../components/form-section.tsx';
import { QueryGate } from '../../../components/query-gate.tsx';
import { useOrganizationTimeZone } from '../../settings/api/organization.ts';
import { limitsQuery } from '../api/limits.ts';
import { LimitBar } from './limit-bar.tsx';
import { pageOfSubject } from './page-of-subject.ts';

/** Where a quota is attached, and what each attachment has used. */
export function QuotaConsumption({ name }: { readonly name: string }) {
  const limits = useQuery(limitsQuery({ kind: 'quota', name }));
  return (
    <FormSection title="In use" description="Each attachment counts for itself, across all gateways.">
      <QueryGate result={limits}>
        {({ items }) => (items.length === 0 ? <Unattached /> : <Attachments items={items} />)}
      </QueryGate>
    </FormSection>
  );
}

function Attachments({ items }: { readonly items: readonly LimitStatus[] }) {
  const timeZone = useOrganizationTimeZone();
  return (
    <Stack gap="lg">
      {[...Map.groupBy(items, ({ subject }) => subject)].map(([subject, limits]) => (
        <Stack key={subject} gap="sm" component="section" aria-label={subject}>
          <Title order={3} fz="sm">
            <SubjectLink subject={subject} />
          </Title>
          {limits.map((limit) => (
            <LimitBar
              key={[limit.unit, limit.window, limit.alignment].join(' ')}
              limit={limit}
              timeZone={timeZone}
              withSubject={false}
            />
          ))}
        </Stack>
      ))}
    </Stack>
  );
}

function SubjectLink({ subject }: { readonly subject: string }) {
  const to = pageOfSubject(subject);
  if (!to) return subject;
  return (
    <Anchor component={Link} to={to} fz="sm" fw={600}>
      {subject}
    </Anchor>
  );
}

const PLACES = [
  { label: 'a key', to: '/virtual-keys' },
  { label: 'a team', to: '/teams' },
  { label: 'a provider', to: '/providers' },
  { label: 'a proxy', to: '/proxies' },
  { label: 'the organization', to: '/settings/organization' },
] as const;

function Unattached() {
  return (
    <Stack gap={4}>
      <Text fz="sm" c="dimmed">
        This quota limits nothing yet. Attach it to
      </Text>
      <Group gap="sm">
        {PLACES.map(({ label, to }) => (
          <Anchor key={to} component={Link} to={to} fz="sm">
            {label}
          </Anchor>
        ))}
      </Group>
    </Stack>
  );
}
