import type { ComponentType } from 'react';
import { GroupValue } from './group-value.tsx';
import { JsonValue } from './json-value.tsx';
import { branchesOf, hasType, kindOf, type FieldKind } from './json-schema.ts';
import { ListValue } from './list-value.tsx';
import { RecordValue } from './record-value.tsx';
import type { ContainerFieldProps, SchemaFieldProps } from './schema-field-props.ts';
import { UnfinishedJson } from './schema-value.ts';
import { ChoicesValue, ChoiceValue, NumberValue, SwitchValue, TextsValue, TextValue } from './simple-fields.tsx';
import { UnionValue } from './union-value.tsx';

const SIMPLE: Readonly<Partial<Record<FieldKind, ComponentType<SchemaFieldProps>>>> = {
  text: TextValue,
  'long-text': TextValue,
  number: NumberValue,
  switch: SwitchValue,
  choice: ChoiceValue,
  choices: ChoicesValue,
  texts: TextsValue,
};

const CONTAINERS: Readonly<Partial<Record<FieldKind, ComponentType<ContainerFieldProps>>>> = {
  list: ListValue,
  group: GroupValue,
  record: RecordValue,
  union: UnionValue,
};

/** The field for a value of a JSON Schema; what no field can show is edited as JSON. */
export function SchemaField(props: SchemaFieldProps) {
  const kind = kindToShow(props);
  const [only] = branchesOf(props.schema);
  const own = kind === 'union' ? props : { ...props, schema: { ...props.schema, ...only } };
  const Container = CONTAINERS[kind];
  if (Container) return <Container {...own} Field={SchemaField} />;
  const Simple = SIMPLE[kind] ?? JsonValue;
  return <Simple {...own} />;
}

/** A value that does not fit its field would not be seen in it. */
function kindToShow({ schema, value }: SchemaFieldProps): FieldKind {
  if (value === undefined || value === null) return kindOf(schema);
  // Which of the alternatives it was to become is still chosen there.
  if (value instanceof UnfinishedJson) return kindOf(schema) === 'union' ? 'union' : 'json';
  return branchesOf(schema).some((branch) => hasType(branch, value)) ? kindOf(schema) : 'json';
}
