import { Autocomplete, MultiSelect, Select, TagsInput, type ComboboxData } from '@mantine/core';
import type { ReactNode } from 'react';
import { useController, type FieldValues } from 'react-hook-form';
import { firstMessage } from '../../lib/form-errors.ts';
import { fieldMessage } from './field-message.ts';
import type { FieldProps } from './field-props.ts';

interface SelectFieldProps<Values extends FieldValues, Output> extends FieldProps<Values, Output> {
  readonly data: ComboboxData;
  readonly searchable?: boolean;
  readonly clearable?: boolean;
  readonly hideLabel?: boolean;
  readonly onPicked?: (value: string) => void;
  /** For hundreds of options: `keepMounted: false` renders them only while they are shown. */
  readonly comboboxProps?: { readonly keepMounted: boolean };
}

/** One of several. */
export function SelectField<Values extends FieldValues, Output>({
  control,
  name,
  label,
  hideLabel = false,
  required = false,
  clearable = false,
  onPicked,
  ...rest
}: SelectFieldProps<Values, Output>) {
  const { field, fieldState } = useController({ control, name });
  return (
    <Select
      {...field}
      {...rest}
      {...(hideLabel ? { 'aria-label': label } : { label })}
      value={field.value || null}
      onChange={(value) => {
        field.onChange(value ?? '');
        if (value) onPicked?.(value);
      }}
      allowDeselect={clearable}
      clearable={clearable}
      clearButtonProps={{ 'aria-label': `Clear ${label.toLowerCase()}` }}
      withAsterisk={required && !hideLabel}
      aria-required={required}
      nothingFoundMessage="Nothing found"
      error={fieldMessage(fieldState.error, { required, value: field.value })}
    />
  );
}

interface MultiSelectFieldProps<Values extends FieldValues, Output> extends FieldProps<Values, Output> {
  readonly data: ComboboxData;
  readonly searchable?: boolean;
  /** How an option is shown; its label by default. */
  readonly renderOption?: (value: string) => ReactNode;
}

/** Some of several. */
export function MultiSelectField<Values extends FieldValues, Output>({
  control,
  name,
  required = false,
  renderOption,
  ...rest
}: MultiSelectFieldProps<Values, Output>) {
  const { field, fieldState } = useController({ control, name });
  return (
    <MultiSelect
      {...field}
      {...rest}
      value={field.value ?? []}
      // Who only passes by with the keyboard wants no list over the fields below.
      openOnFocus={false}
      withAsterisk={required}
      nothingFoundMessage="Nothing found"
      clearButtonProps={{ 'aria-label': `Clear ${rest.label.toLowerCase()}` }}
      error={firstMessage(fieldState.error)}
      {...(renderOption ? { renderOption: ({ option }) => renderOption(option.value) } : {})}
    />
  );
}

/** A list of free texts, with suggestions. */
export function TagsField<Values extends FieldValues, Output>({
  control,
  name,
  required = false,
  data,
  ...rest
}: Omit<SelectFieldProps<Values, Output>, 'data'> & { readonly data?: readonly string[] }) {
  const { field, fieldState } = useController({ control, name });
  return (
    <TagsInput
      {...field}
      {...rest}
      data={[...(data ?? [])]}
      value={field.value ?? []}
      openOnFocus={false}
      withAsterisk={required}
      splitChars={[',', ' ']}
      acceptValueOnBlur
      clearButtonProps={{ 'aria-label': `Clear ${rest.label.toLowerCase()}` }}
      error={firstMessage(fieldState.error)}
    />
  );
}

/** A line of free text, with suggestions. */
export function SuggestField<Values extends FieldValues, Output>({
  control,
  name,
  required = false,
  data,
  ...rest
}: FieldProps<Values, Output> & { readonly data: readonly string[] }) {
  const { field, fieldState } = useController({ control, name });
  return (
    <Autocomplete
      {...field}
      {...rest}
      data={[...data]}
      value={field.value ?? ''}
      withAsterisk={required}
      aria-required={required}
      spellCheck={false}
      error={fieldMessage(fieldState.error, { required, value: field.value })}
    />
  );
}
