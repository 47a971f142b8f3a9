import { Anchor, Select, SimpleGrid, Stack, Text, Textarea } from '@mantine/core';
import type { PolicyDescription } from '@penstock/contracts';
import { Link } from 'react-router';
import { errorAt, messageFor, ownMessage } from './field-messages.ts';
import { FieldMessage } from './group-value.tsx';
import { LiteralText } from './literal-text.tsx';
import { ParamsFields } from './params-fields.tsx';
import type { PolicyDraft } from './policy-draft.ts';
import { PolicyPaths } from './policy-paths.tsx';

export interface PolicyFieldsProps {
  readonly policy: PolicyDraft;
  /** Undefined: this release does not have it, or the catalogue is not there. */
  readonly description: PolicyDescription | undefined;
  readonly error: unknown;
  readonly onChange: (policy: PolicyDraft) => void;
}

/** Everything that can be set of an attached policy. */
export function PolicyFields({ policy, description, error, onChange }: PolicyFieldsProps) {
  const { paths, params } = policy;
  return (
    <>
      <AboutPolicy description={description} />
      <FieldMessage message={ownMessage(error) ?? ownMessage(errorAt(error, 'name'))} />
      {paths === null ? (
        <ParamsFields
          description={description}
          value={params}
          error={errorAt(error, 'params')}
          onChange={(next) => onChange({ ...policy, params: next })}
        />
      ) : (
        <PolicyPaths
          paths={paths}
          description={description}
          error={errorAt(error, 'paths')}
          onChange={(next) => onChange({ ...policy, paths: next })}
        />
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <ConditionField policy={policy} error={error} onChange={onChange} />
        <VersionField policy={policy} description={description} error={error} onChange={onChange} />
      </SimpleGrid>
    </>
  );
}

function AboutPolicy({ description }: Pick<PolicyFieldsProps, 'description'>) {
  if (!description) {
    return (
      <Text fz="sm" c="dimmed">
        This release does not know the policy: its parameters are shown as JSON.
      </Text>
    );
  }
  return (
    <Stack gap={2}>
      <Text fz="sm" c="dimmed">
        <LiteralText text={description.description} />
      </Text>
      <Anchor
        component={Link}
        to={`/policies/${description.name}`}
        target="_blank"
        fz="sm"
        style={{ alignSelf: 'start' }}
      >
        Documentation of {description.name}
      </Anchor>
    </Stack>
  );
}

function ConditionField({ policy, error, onChange }: Pick<PolicyFieldsProps, 'policy' | 'error' | 'onChange'>) {
  return (
    <Textarea
      label="Runs where"
      description={
        <LiteralText text="A condition in CEL; the policy runs always where it is empty. Such as `request.Headers['x-tier'][0] == 'gold'`." />
      }
      placeholder="always"
      autosize
      minRows={1}
      maxRows={6}
      spellCheck={false}
      value={policy.executionCondition}
      error={messageFor({ error: errorAt(error, 'executionCondition'), required: false, value: '' })}
      onChange={(event) => onChange({ ...policy, executionCondition: event.currentTarget.value })}
    />
  );
}

function VersionField({ policy, description, error, onChange }: PolicyFieldsProps) {
  const { version } = policy;
  return (
    <Select
      label="Version"
      data={[...new Set([...(description?.versions ?? []), version])]}
      value={version}
      allowDeselect={false}
      error={messageFor({ error: errorAt(error, 'version'), required: true, value: version })}
      onChange={(picked) => onChange({ ...policy, version: picked ?? version })}
    />
  );
}
