import { Code, Group, Stack } from '@mantine/core';
import type { PolicyDescription } from '@penstock/contracts';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { EmptyState } from '../../../components/empty-state.tsx';
import { FactList } from '../../../components/fact-list.tsx';
import { FormSection } from '../../../components/form-section.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { QueryGate } from '../../../components/query-gate.tsx';
import { policyCatalogueQuery } from '../api/policy-catalogue.ts';
import { LiteralText } from '../components/literal-text.tsx';
import { ParameterTable } from '../components/parameter-table.tsx';
import { PolicyDocs } from '../components/policy-docs.tsx';
import { CATEGORIES, describedAs } from '../components/policy-categories.ts';

const PARENT = { label: 'Policies', to: '/policies' };

/** One policy of the catalogue. */
export function PolicyPage() {
  const { name = '' } = useParams();
  const catalogue = useQuery(policyCatalogueQuery);
  return (
    <QueryGate result={catalogue}>
      {(policies) => {
        const policy = describedAs(policies, name);
        return policy ? <AboutPolicy policy={policy} /> : <UnknownPolicy name={name} />;
      }}
    </QueryGate>
  );
}

function AboutPolicy({ policy }: { readonly policy: PolicyDescription }) {
  return (
    <>
      <PageHeader title={policy.title} parent={PARENT} description={<LiteralText text={policy.description} />} />
      <Stack gap="lg" maw={880}>
        <FormSection title="In documents">
          <FactList
            facts={[
              { label: 'Name', value: <Names names={[policy.name]} /> },
              ...(policy.aliases.length > 0 ? [{ label: 'Also', value: <Names names={policy.aliases} /> }] : []),
              { label: 'Versions', value: <Names names={policy.versions} /> },
              { label: 'Category', value: CATEGORIES.find(({ value }) => value === policy.category)?.label },
            ]}
          />
        </FormSection>
        <FormSection title="Parameters">
          <ParameterTable policy={policy} />
        </FormSection>
        <PolicyDocs docs={policy.docs} />
      </Stack>
    </>
  );
}

function Names({ names }: { readonly names: readonly string[] }) {
  return (
    <Group gap={6}>
      {names.map((name) => (
        <Code key={name}>{name}</Code>
      ))}
    </Group>
  );
}

function UnknownPolicy({ name }: { readonly name: string }) {
  return (
    <>
      <PageHeader title={name} parent={PARENT} />
      <EmptyState message="This release has no policy of that name." />
    </>
  );
}
