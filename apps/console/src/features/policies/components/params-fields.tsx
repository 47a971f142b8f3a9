import { Text } from '@mantine/core';
import type { PolicyDescription } from '@penstock/contracts';
import { useMemo } from 'react';
import { errorAt, ownMessage } from './field-messages.ts';
import { FieldMessage, GroupFields } from './group-value.tsx';
import { hasType, type JsonSchema, kindOf, parameterSchema } from './json-schema.ts';
import { JsonValue } from './json-value.tsx';
import { SchemaField } from './schema-field.tsx';
import { UnfinishedJson } from './schema-value.ts';

interface ParamsFieldsProps {
  /** Undefined: nothing is known of the parameters. */
  readonly description: PolicyDescription | undefined;
  readonly value: unknown;
  readonly error: unknown;
  readonly onChange: (value: unknown) => void;
}

/** The parameters of a policy, as the JSON Schema of the catalogue says. */
export function ParamsFields({ description, value, error, onChange }: ParamsFieldsProps) {
  const schema = useMemo(() => (description ? parameterSchema(description) : undefined), [description]);
  const common = { label: 'Parameters', value, error, required: true, onChange };
  if (!schema || !isShown(schema, value)) {
    return <JsonValue {...common} schema={{}} onChange={(next) => onChange(next ?? {})} />;
  }
  if (Object.keys(schema.properties ?? {}).length === 0) {
    return (
      <>
        <FieldMessage message={ownMessage(error)} />
        <Text fz="sm">It has no parameters.</Text>
      </>
    );
  }
  return (
    <>
      <FieldMessage message={strayMessage(schema, error)} />
      <GroupFields {...common} schema={schema} Field={SchemaField} />
    </>
  );
}

function isShown(schema: JsonSchema, value: unknown): boolean {
  return kindOf(schema) === 'group' && hasType(schema, value) && !(value instanceof UnfinishedJson);
}

/** What is wrong with a parameter that the schema does not have. */
function strayMessage({ properties = {} }: JsonSchema, error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const stray = Object.keys(error).filter(
    (key) => !['message', 'type', 'ref', 'root'].includes(key) && !(key in properties),
  );
  return stray.map((key) => `${key}: ${ownMessage(errorAt(error, key)) ?? 'is not a parameter'}`)[0];
}
