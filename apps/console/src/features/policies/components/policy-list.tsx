import { Button, Group, Stack, Text, VisuallyHidden } from '@mantine/core';
import type { PolicyDescription } from '@penstock/contracts';
import { IconPlus } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { AddPolicyDialog } from './add-policy-dialog.tsx';
import { errorAt, ownMessage } from './field-messages.ts';
import { FieldMessage } from './group-value.tsx';
import { moved } from './moved.ts';
import { describedAs } from './policy-categories.ts';
import { PolicyCard } from './policy-card.tsx';
import { newPolicy, type PolicyDraft } from './policy-draft.ts';

interface PolicyListProps {
  readonly title: string;
  readonly hint: string;
  /** What its button says. */
  readonly add: string;
  readonly policies: readonly PolicyDraft[];
  readonly catalogue: readonly PolicyDescription[];
  /** Whether new ones run for some paths only. */
  readonly forPaths: boolean;
  readonly error: unknown;
  readonly onChange: (policies: readonly PolicyDraft[]) => void;
}

/** Policies in the order in which they run. */
export function PolicyList({ title, hint, add, policies, catalogue, forPaths, error, onChange }: PolicyListProps) {
  const [adding, setAdding] = useState(false);
  const [fresh, setFresh] = useState<string | null>(null);
  const [told, setTold] = useState('');
  const addButton = useRef<HTMLButtonElement>(null);
  const titleOf = ({ name }: PolicyDraft) => describedAs(catalogue, name)?.title ?? name;
  const close = () => {
    setAdding(false);
    addButton.current?.focus();
  };
  const pick = (description: PolicyDescription) => {
    const policy = newPolicy(description, forPaths);
    setFresh(policy.key);
    setAdding(false);
    onChange([...policies, policy]);
  };
  const move = (policy: PolicyDraft, index: number, by: -1 | 1) => {
    onChange(moved(policies, index, by));
    setTold(`${titleOf(policy)} is now number ${index + by + 1} of ${policies.length}.`);
  };
  const remove = (policy: PolicyDraft, index: number) => {
    onChange(policies.toSpliced(index, 1));
    setTold(`${titleOf(policy)} was removed.`);
    addButton.current?.focus();
  };
  return (
    <Stack gap="xs" role="group" aria-label={title}>
      <ListHeading title={title} hint={hint} />
      <FieldMessage message={ownMessage(error) ?? ownMessage(errorAt(error, 'root'))} />
      {policies.map((policy, index) => (
        <PolicyCard
          key={policy.key}
          policy={policy}
          description={describedAs(catalogue, policy.name)}
          position={index}
          count={policies.length}
          error={errorAt(error, index)}
          fresh={policy.key === fresh}
          onChange={(next) => onChange(policies.with(index, next))}
          onMove={(by) => move(policy, index, by)}
          onRemove={() => remove(policy, index)}
        />
      ))}
      <Group>
        <Button
          ref={addButton}
          variant="default"
          size="xs"
          leftSection={<IconPlus size={15} aria-hidden />}
          disabled={catalogue.length === 0}
          onClick={() => setAdding(true)}
        >
          {add}
        </Button>
      </Group>
      <VisuallyHidden role="status">{told}</VisuallyHidden>
      <AddPolicyDialog opened={adding} title={add} catalogue={catalogue} onClose={close} onPick={pick} />
    </Stack>
  );
}

function ListHeading({ title, hint }: Pick<PolicyListProps, 'title' | 'hint'>) {
  return (
    <div>
      <Text fz="sm" fw={600}>
        {title}
      </Text>
      <Text fz="xs" c="dimmed">
        {hint}
      </Text>
    </div>
  );
}
