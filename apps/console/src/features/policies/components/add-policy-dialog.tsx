import { Code, Group, Modal, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import type { PolicyDescription } from '@penstock/contracts';
import { IconSearch } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { EmptyState } from '../../../components/empty-state.tsx';
import classes from './add-policy-dialog.module.css';
import { LiteralText } from './literal-text.tsx';
import { groupedPolicies } from './policy-categories.ts';

interface AddPolicyDialogProps {
  readonly opened: boolean;
  readonly title: string;
  readonly catalogue: readonly PolicyDescription[];
  readonly onClose: () => void;
  readonly onPick: (policy: PolicyDescription) => void;
}

/** Chooses a policy from the catalogue. */
export function AddPolicyDialog({ opened, title, catalogue, onClose, onPick }: AddPolicyDialogProps) {
  const [search, setSearch] = useState('');
  const groups = groupedPolicies(catalogue, search);
  const close = () => {
    setSearch('');
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={title} size="lg" returnFocus={false}>
      <Stack>
        <TextInput
          type="search"
          aria-label="Search policies"
          placeholder="Search policies"
          data-autofocus
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        {groups.map(({ label, policies }) => (
          <CategoryGroup
            key={label}
            label={label}
            policies={policies}
            onPick={(policy) => {
              setSearch('');
              onPick(policy);
            }}
          />
        ))}
        {groups.length === 0 && <EmptyState message={`No policy matches “${search}”.`} />}
      </Stack>
    </Modal>
  );
}

interface CategoryGroupProps extends Pick<AddPolicyDialogProps, 'onPick'> {
  readonly label: string;
  readonly policies: readonly PolicyDescription[];
}

function CategoryGroup({ label, policies, onPick }: CategoryGroupProps) {
  const id = useId();
  return (
    <Stack gap={4} role="group" aria-labelledby={id}>
      <Text id={id} fz="xs" fw={600} c="dimmed">
        {label}
      </Text>
      {policies.map((policy) => (
        <PolicyOption key={policy.name} policy={policy} onPick={onPick} />
      ))}
    </Stack>
  );
}

function PolicyOption({ policy, onPick }: Pick<CategoryGroupProps, 'onPick'> & { readonly policy: PolicyDescription }) {
  return (
    <UnstyledButton className={classes.option} onClick={() => onPick(policy)}>
      <Group gap="xs">
        <Text span fz="sm" fw={550}>
          {policy.title}
        </Text>
        <Code>{policy.name}</Code>
      </Group>
      <Text fz="xs" c="dimmed">
        <LiteralText text={policy.description} />
      </Text>
    </UnstyledButton>
  );
}
