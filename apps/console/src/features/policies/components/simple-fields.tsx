import { Autocomplete, MultiSelect, NumberInput, Select, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useContext, type ReactNode } from 'react';
import { optionsOf, type JsonSchema } from './json-schema.ts';
import { LiteralText } from './literal-text.tsx';
import { messageFor } from './field-messages.ts';
import type { SchemaFieldProps } from './schema-field-props.ts';
import { defaultText, range } from './schema-words.ts';
import { SuggestionsContext } from './suggestions.ts';

/** A line, or several, of text. */
export function TextValue({ schema, value, onChange, required, ...rest }: SchemaFieldProps) {
  const suggested = useContext(SuggestionsContext)[schema['x-suggestions'] ?? ''];
  const change = (text: string) => onChange(text === '' && !required ? undefined : text);
  const props = {
    ...commonProps({ schema, value, onChange, required, ...rest }),
    value: typeof value === 'string' ? value : '',
    spellCheck: false,
    autoComplete: 'off',
    placeholder: defaultText(schema),
  };
  if ((schema.maxLength ?? 0) > 8_192) {
    return (
      <Textarea {...props} autosize minRows={2} maxRows={12} onChange={(event) => change(event.currentTarget.value)} />
    );
  }
  if (suggested) return <Autocomplete {...props} data={[...suggested]} openOnFocus={false} onChange={change} />;
  return <TextInput {...props} onChange={(event) => change(event.currentTarget.value)} />;
}

/** A number; an empty field is left out. */
export function NumberValue(props: SchemaFieldProps) {
  const { schema, value, onChange } = props;
  return (
    <NumberInput
      {...commonProps(props, range(schema.minimum, schema.maximum).replace(/^, /, ''))}
      value={typeof value === 'number' ? value : ''}
      onChange={(typed) => onChange(typed === '' ? undefined : Number(typed))}
      allowDecimal={schema.type !== 'integer'}
      allowNegative={(schema.minimum ?? -1) < 0}
      thousandSeparator=","
      placeholder={defaultText(schema)}
      hideControls
    />
  );
}

/** Yes or no; untouched it shows the default, and is left out. */
export function SwitchValue(props: SchemaFieldProps) {
  const { schema, value, onChange, label, hideLabel = false } = props;
  return (
    <Switch
      {...(hideLabel ? { 'aria-label': label } : { label })}
      description={describe(schema)}
      checked={(value ?? schema.default) === true}
      onChange={(event) => onChange(event.currentTarget.checked)}
      error={messageFor(props)}
    />
  );
}

/** One of several. */
export function ChoiceValue(props: SchemaFieldProps) {
  const { schema, value, onChange, required, label } = props;
  const options = optionsOf(schema);
  return (
    <Select
      {...commonProps(props)}
      data={options.map(String)}
      value={value === undefined || value === null ? null : String(value as string | number)}
      onChange={(picked) => onChange(options.find((option) => String(option) === picked))}
      placeholder={defaultText(schema) ?? 'Choose'}
      allowDeselect={!required}
      clearable={!required}
      clearButtonProps={{ 'aria-label': `Clear ${label.toLowerCase()}` }}
    />
  );
}

/** Some of several. */
export function ChoicesValue(props: SchemaFieldProps) {
  const { schema, value, onChange, label, required } = props;
  const picked = texts(value);
  return (
    <MultiSelect
      {...commonProps(props)}
      data={optionsOf(schema.items ?? {}).map(String)}
      value={picked}
      onChange={(next) => onChange(next.length === 0 && !required ? undefined : next)}
      placeholder={picked.length === 0 ? (defaultText(schema) ?? 'Choose') : ''}
      openOnFocus={false}
      clearButtonProps={{ 'aria-label': `Clear ${label.toLowerCase()}` }}
    />
  );
}

/** Any number of short texts. */
export function TextsValue(props: SchemaFieldProps) {
  const { schema, value, onChange, label, required } = props;
  const written = texts(value);
  return (
    <TagsInput
      {...commonProps(props)}
      data={[]}
      value={written}
      // A comma may be part of a text, of a regular expression for one.
      splitChars={[]}
      acceptValueOnBlur
      onChange={(next) => onChange(next.length === 0 && !required ? undefined : next)}
      placeholder={written.length === 0 ? (defaultText(schema) ?? 'Enter adds another') : ''}
      clearButtonProps={{ 'aria-label': `Clear ${label.toLowerCase()}` }}
    />
  );
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

function commonProps(props: SchemaFieldProps, bounds = '') {
  const { label, hideLabel = false, required, schema } = props;
  return {
    ...(hideLabel ? { 'aria-label': label } : { label, withAsterisk: required, description: describe(schema, bounds) }),
    'aria-required': required,
    error: messageFor(props),
  };
}

function describe({ description }: JsonSchema, bounds = ''): ReactNode {
  const text = [description, bounds && `${bounds.charAt(0).toUpperCase()}${bounds.slice(1)}.`]
    .filter(Boolean)
    .join(' ');
  return text ? <LiteralText text={text} /> : undefined;
}
