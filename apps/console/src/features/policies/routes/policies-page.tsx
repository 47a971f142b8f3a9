import { Anchor, Box, Code, Group, Paper, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import type { PolicyDescription } from '@penstock/contracts';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { EmptyState } from '../../../components/empty-state.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { QueryGate } from '../../../components/query-gate.tsx';
import { policyCatalogueQuery } from '../api/policy-catalogue.ts';
import { LiteralText } from '../components/literal-text.tsx';
import { groupedPolicies } from '../components/policy-categories.ts';

/** What proxies and providers can do with requests and answers. */
export function PoliciesPage() {
  const catalogue = useQuery(policyCatalogueQuery);
  return (
    <>
      <PageHeader
        title="Policies"
        description={
          <>
            Steps that{' '}
            <Anchor component={Link} to="/proxies" fz="sm" underline="always">
              proxies
            </Anchor>{' '}
            and{' '}
            <Anchor component={Link} to="/providers" fz="sm" underline="always">
              providers
            </Anchor>{' '}
            can have between caller and vendor: who is admitted, where requests go, what may be said. They are added on
            the page of each.
          </>
        }
      />
      <QueryGate result={catalogue}>{(policies) => <Catalogue policies={policies} />}</QueryGate>
    </>
  );
}

function Catalogue({ policies }: { readonly policies: readonly PolicyDescription[] }) {
  const [params, setParams] = useSearchParams();
  const search = params.get('q') ?? '';
  const groups = groupedPolicies(policies, search);
  return (
    <Stack gap="lg">
      <TextInput
        type="search"
        aria-label="Search policies"
        placeholder="Search policies"
        leftSection={<IconSearch size={16} aria-hidden />}
        w={{ base: '100%', xs: 280 }}
        value={search}
        onChange={(event) =>
          setParams(event.currentTarget.value ? { q: event.currentTarget.value } : {}, { replace: true })
        }
      />
      {groups.map(({ label, policies: own }) => (
        <Box key={label} component="section" aria-label={label}>
          <Title order={2} mb="sm">
            {label}
          </Title>
          <SimpleGrid cols={{ base: 1, sm: 2, xl: 3 }}>
            {own.map((policy) => (
              <PolicyTile key={policy.name} policy={policy} />
            ))}
          </SimpleGrid>
        </Box>
      ))}
      {groups.length === 0 && (
        <Paper bg="var(--penstock-surface)">
          <EmptyState message={`No policy matches “${search}”.`} />
        </Paper>
      )}
    </Stack>
  );
}

function PolicyTile({ policy: { name, title, description } }: { readonly policy: PolicyDescription }) {
  return (
    <Paper p="md" bg="var(--penstock-surface)">
      <Group gap="xs" mb={4}>
        <Anchor component={Link} to={`/policies/${name}`} fz="sm" fw={550}>
          {title}
        </Anchor>
        <Code>{name}</Code>
      </Group>
      <Text fz="sm" c="dimmed">
        <LiteralText text={description} />
      </Text>
    </Paper>
  );
}
