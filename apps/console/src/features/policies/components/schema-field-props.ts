import type { ComponentType } from 'react';
import type { JsonSchema } from './json-schema.ts';

/** A value of a schema in a form: controlled, since its names are known by the schema alone. */
export interface SchemaFieldProps {
  readonly schema: JsonSchema;
  readonly label: string;
  readonly value: unknown;
  /** Undefined: the value is left out. */
  readonly onChange: (value: unknown) => void;
  /** What react-hook-form holds for this value: a message, or messages by name or index. */
  readonly error: unknown;
  readonly required: boolean;
  /** Read only by screen readers: the values of a list. */
  readonly hideLabel?: boolean;
}

/** A field that has fields inside; `Field` is what shows those. */
export interface ContainerFieldProps extends SchemaFieldProps {
  readonly Field: ComponentType<SchemaFieldProps>;
}
