import { Alert, Anchor, Button, Code, Group, Stack, Text } from '@mantine/core';
import type { PolicyDescription } from '@penstock/contracts';
import { IconArrowsExchange } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useController, type Control, type FieldPath, type FieldValues } from 'react-hook-form';
import { Link } from 'react-router';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { FormSection } from '../../../components/form-section.tsx';
import { policyCatalogueQuery } from '../api/policy-catalogue.ts';
import { focusFirstWrong } from './focus-first-wrong.ts';
import {
  conversionReorders,
  converted,
  type PolicyDraft,
  type PolicyListName,
  type PolicyListsDraft,
} from './policy-draft.ts';
import { PolicyList } from './policy-list.tsx';
import { SuggestionsContext, type Suggestions } from './suggestions.ts';

interface PolicyEditorProps<Values extends FieldValues, Output> {
  readonly control: Control<Values, unknown, Output>;
  /** Where the lists stand in the form, with the dot: `spec.`. */
  readonly at: string;
  /** What has the policies: `proxy`. */
  readonly noun: string;
  readonly suggestions?: Suggestions;
}

/** The policies of a document: added from the catalogue, put in order, and set by forms made of their JSON Schemas. */
export function PolicyEditor<Values extends FieldValues, Output>(props: PolicyEditorProps<Values, Output>) {
  const { noun, suggestions = {} } = props;
  const catalogue = useQuery(policyCatalogueQuery);
  const box = useRef<HTMLDivElement>(null);
  const lists = {
    policies: useList(props, 'policies', box),
    globalPolicies: useList(props, 'globalPolicies', box),
    operationPolicies: useList(props, 'operationPolicies', box),
  };
  return (
    <FormSection title="Policies" description={<Introduction />}>
      {catalogue.error && <ErrorPanel error={catalogue.error} onRetry={() => void catalogue.refetch()} />}
      <SuggestionsContext value={suggestions}>
        <Stack gap="lg" ref={box}>
          {LISTS.every((name) => lists[name].value.length === 0) && (
            <Text fz="sm" c="dimmed">
              None: requests go through this {noun} as they are. Add a guardrail, a limit or a route.
            </Text>
          )}
          <Lists lists={lists} catalogue={catalogue.data ?? []} />
        </Stack>
      </SuggestionsContext>
    </FormSection>
  );
}

function Introduction() {
  return (
    <>
      What happens to requests and answers on their way, in this order: see{' '}
      <Anchor component={Link} to="/policies" target="_blank" fz="sm" underline="always">
        all policies
      </Anchor>
      . Texts may refer to secrets, as <Code>{'{{ secret "name" }}'}</Code>
    </>
  );
}

interface ListsProps {
  readonly lists: Lists;
  readonly catalogue: readonly PolicyDescription[];
}

/** The former list where there is one, else the two of today; those that both have are shown, for the schema refuses them. */
function Lists({ lists, catalogue }: ListsProps) {
  const former = lists.policies.value.length > 0;
  const convert = () => {
    const next = converted(draftOf(lists));
    for (const name of LISTS) lists[name].onChange(next[name]);
  };
  const shown = LISTS.filter((name) => lists[name].value.length > 0 || former === (name === 'policies'));
  return (
    <>
      {former && <FormerSpelling reorders={conversionReorders(draftOf(lists))} onConvert={convert} />}
      {shown.map((name) => (
        <PolicyList
          key={name}
          {...WORDS[name]}
          catalogue={catalogue}
          policies={lists[name].value}
          forPaths={name === 'operationPolicies'}
          error={lists[name].error}
          onChange={lists[name].onChange}
        />
      ))}
    </>
  );
}

const WORDS = {
  policies: { title: 'In one list', hint: 'Those with paths run only there.', add: 'Add a policy' },
  globalPolicies: { title: 'For every path', hint: 'These run first.', add: 'Add a policy' },
  operationPolicies: {
    title: 'For some paths',
    hint: 'Of one policy’s paths the most specific holds.',
    add: 'Add a policy for some paths',
  },
} as const;

const LISTS = ['policies', 'globalPolicies', 'operationPolicies'] as const;

interface ListField {
  readonly value: readonly PolicyDraft[];
  readonly error: unknown;
  readonly onChange: (value: readonly PolicyDraft[]) => void;
}
type Lists = Readonly<Record<PolicyListName, ListField>>;

function draftOf({ policies, globalPolicies, operationPolicies }: Lists): PolicyListsDraft {
  return {
    policies: policies.value,
    globalPolicies: globalPolicies.value,
    operationPolicies: operationPolicies.value,
  };
}

/** One list as a field of the form. What is wrong in it is focused where it is seen: its fields are no fields of the form. */
function useList<Values extends FieldValues, Output>(
  { control, at }: PolicyEditorProps<Values, Output>,
  name: PolicyListName,
  box: { readonly current: HTMLElement | null },
): ListField {
  const { field, fieldState } = useController({ control, name: `${at}${name}` as FieldPath<Values> });
  const { ref } = field;
  useEffect(() => ref({ focus: () => focusFirstWrong(box.current) }), [ref, box]);
  return {
    value: field.value as readonly PolicyDraft[],
    error: fieldState.error as unknown,
    onChange: (next: readonly PolicyDraft[]) => field.onChange(next),
  };
}

interface FormerSpellingProps {
  readonly reorders: boolean;
  readonly onConvert: () => void;
}

function FormerSpelling({ reorders, onConvert }: FormerSpellingProps) {
  return (
    <Alert variant="light" icon={<IconArrowsExchange aria-hidden />} title="Written as one list" role="note">
      <Text fz="sm">
        These policies stand in the former field <Code>policies</Code>. They work as they are.
        {reorders && ' Converted, those for every path run before those for some paths: the order changes.'}
      </Text>
      <Group mt="xs">
        <Button size="xs" variant="default" onClick={onConvert}>
          Convert to the present spelling
        </Button>
      </Group>
    </Alert>
  );
}
