import { Grid } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { PageHeader } from '../../../components/page-header.tsx';
import { QueryGate } from '../../../components/query-gate.tsx';
import { LiveLimitsSection } from '../../quotas/components/live-limits.tsx';
import { organizationQuery } from '../api/organization.ts';
import { OrganizationForm } from '../components/organization-form.tsx';
import { SettingsTabs } from '../components/settings-tabs.tsx';

/** The organization: its name, its time zone, and its limits with what is used of them. */
export function OrganizationPage() {
  const organization = useQuery({ ...organizationQuery, refetchOnWindowFocus: false });
  return (
    <>
      <PageHeader title="Settings" />
      <SettingsTabs />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <QueryGate result={organization}>{(found) => <OrganizationForm key={found.etag} {...found} />}</QueryGate>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <LiveLimitsSection
            of={{ kind: 'organization' }}
            none="No quota limits the organization. Attach one to cap what all keys spend together."
          />
        </Grid.Col>
      </Grid>
    </>
  );
}
