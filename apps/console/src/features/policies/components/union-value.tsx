import { SegmentedControl, Stack } from '@mantine/core';
import { useState } from 'react';
import { GroupFields } from './group-value.tsx';
import { branchesOf, branchOf, kindOf } from './json-schema.ts';
import type { ContainerFieldProps } from './schema-field-props.ts';
import { startValue } from './schema-value.ts';
import { branchLabel } from './schema-words.ts';
import { ValueHeading } from './value-heading.tsx';

/** A value that can be written in several ways: first the way, then its fields. What can be left out has that as a way too. */
export function UnionValue(props: ContainerFieldProps) {
  const { schema, label, value, onChange, required } = props;
  const branches = branchesOf(schema);
  const [chosen, setChosen] = useState(() => (value === undefined && !required ? LEFT_OUT : branchOf(branches, value)));
  const branch = chosen === LEFT_OUT ? undefined : branches[chosen];
  const choose = (picked: string) => {
    const index = Number(picked);
    setChosen(index);
    onChange(index === LEFT_OUT ? undefined : startValue(branches[index] ?? {}, true));
  };
  const choices = branches.map((one, index) => ({ value: String(index), label: branchLabel(one) }));
  return (
    <Stack gap="xs" role="group" aria-label={label}>
      <ValueHeading {...props} />
      <SegmentedControl
        size="xs"
        aria-label={`Form of ${label.toLowerCase()}`}
        data={required ? choices : [{ value: String(LEFT_OUT), label: 'Left out' }, ...choices]}
        value={String(chosen)}
        onChange={choose}
        style={{ alignSelf: 'flex-start' }}
      />
      {branch && <BranchFields {...props} key={chosen} schema={branch} />}
    </Stack>
  );
}

const LEFT_OUT = -1;

function BranchFields(props: ContainerFieldProps) {
  const { Field, schema } = props;
  if (kindOf(schema) === 'group') return <GroupFields {...props} />;
  return <Field {...props} hideLabel required />;
}
