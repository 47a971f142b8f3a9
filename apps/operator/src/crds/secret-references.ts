import { OBJECT_NAME } from './object-name.ts';
import type { Schema } from './structural-schema.ts';

/** `valueFrom.secretKeyRef`, as a container's environment says it. */
const VALUE_FROM: Schema = {
  description: 'Where the value stands instead: a key of a Secret in the same namespace. Not together with `value`.',
  type: 'object',
  required: ['secretKeyRef'],
  properties: {
    secretKeyRef: {
      type: 'object',
      required: ['name', 'key'],
      properties: {
        name: OBJECT_NAME,
        key: { type: 'string', minLength: 1, maxLength: 253 },
        prefix: { description: 'Put before what the Secret holds, such as `Bearer `.', type: 'string', maxLength: 64 },
      },
    },
  },
};

/** The schema with `valueFrom` in every `auth` that takes a `value`. */
export function withSecretReferences(schema: Schema): Schema {
  return Object.fromEntries(
    Object.entries(schema).map(([name, value]) => {
      if (name !== 'properties') return [name, isObject(value) ? withSecretReferences(value) : value];
      const properties = Object.entries(value as Readonly<Record<string, Schema>>);
      return [name, Object.fromEntries(properties.map(([key, one]) => [key, withReference(key, one)]))];
    }),
  );
}

function withReference(name: string, schema: Schema): Schema {
  const { properties } = schema;
  if (name !== 'auth' || !isObject(properties) || !('value' in properties)) return withSecretReferences(schema);
  return { ...schema, properties: { ...properties, valueFrom: VALUE_FROM } };
}

function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
