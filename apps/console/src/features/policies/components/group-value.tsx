import { Box, Paper, SimpleGrid, Stack, Switch, Text } from '@mantine/core';
import { errorAt, ownMessage } from './field-messages.ts';
import classes from './group-value.module.css';
import { kindOf, type JsonSchema } from './json-schema.ts';
import { LiteralText } from './literal-text.tsx';
import type { ContainerFieldProps } from './schema-field-props.ts';
import { startGroup, withoutUndefined } from './schema-value.ts';
import { labelOf } from './schema-words.ts';

/** An object inside of another; one that can be left out is switched on first. */
export function GroupValue(props: ContainerFieldProps) {
  const { schema, label, value, onChange, required, error } = props;
  const present = value !== undefined;
  return (
    <Paper p="md" component="fieldset" m={0} aria-label={label}>
      <Stack gap="sm">
        {required ? (
          <Text fz="sm" fw={550}>
            {label}
          </Text>
        ) : (
          <Switch
            label={label}
            fw={550}
            checked={present}
            onChange={(event) => onChange(event.currentTarget.checked ? startGroup(schema) : undefined)}
          />
        )}
        {schema.description && (
          <Text fz="xs" c="dimmed">
            <LiteralText text={schema.description} />
          </Text>
        )}
        {!present && <FieldMessage message={ownMessage(error)} />}
        {present && <GroupFields {...props} />}
      </Stack>
    </Paper>
  );
}

/** The fields of an object. */
export function GroupFields({ Field, schema, value, onChange, error }: ContainerFieldProps) {
  const own = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
  const { properties = {}, required = [] } = schema;
  const change = (name: string, next: unknown) => onChange(withoutUndefined(Object.entries({ ...own, [name]: next })));
  return (
    <>
      <FieldMessage message={ownMessage(error)} />
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md" verticalSpacing="sm">
        {inOrder(properties, required).map(([name, property]) => (
          <Box key={name} className={isWide(property) ? classes.wide : undefined}>
            <Field
              schema={property}
              label={labelOf(name, property)}
              value={own[name]}
              onChange={(next) => change(name, next)}
              error={errorAt(error, name)}
              required={required.includes(name)}
            />
          </Box>
        ))}
      </SimpleGrid>
    </>
  );
}

/** What is wrong with a whole object or list; nothing without a message. */
export function FieldMessage({ message }: { readonly message: string | undefined }) {
  if (!message) return null;
  return (
    <Text fz="xs" c="var(--mantine-color-error)" role="alert">
      {message}
    </Text>
  );
}

type Property = readonly [name: string, schema: JsonSchema];

/** What must be there first, then other fields, switches, and what has fields inside; else as the schema has them. */
function inOrder(properties: Readonly<Record<string, JsonSchema>>, required: readonly string[]): readonly Property[] {
  const rank = ([name, schema]: Property): number => {
    if (required.includes(name)) return 0;
    if (kindOf(schema) === 'switch') return 2;
    return isWide(schema) ? 3 : 1;
  };
  return Object.entries(properties).toSorted((left, right) => rank(left) - rank(right));
}

function isWide(schema: JsonSchema): boolean {
  return ['group', 'list', 'record', 'union', 'json', 'long-text'].includes(kindOf(schema));
}
