import { Text } from '@mantine/core';
import { LiteralText } from './literal-text.tsx';
import type { SchemaFieldProps } from './schema-field-props.ts';

/** Name and description of a value that has fields inside. */
export function ValueHeading({ label, schema, required }: Pick<SchemaFieldProps, 'label' | 'schema' | 'required'>) {
  return (
    <div>
      <Text fz="sm" fw={600}>
        {label}
        {required && (
          <Text span c="var(--mantine-color-error)" aria-hidden>
            {' *'}
          </Text>
        )}
      </Text>
      {schema.description && (
        <Text fz="xs" c="dimmed">
          <LiteralText text={schema.description} />
        </Text>
      )}
    </div>
  );
}
