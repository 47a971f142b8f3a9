import { Switch } from '@mantine/core';
import { useController, type FieldValues } from 'react-hook-form';
import type { FieldProps } from './field-props.ts';

interface SwitchFieldProps<Values extends FieldValues, Output> extends FieldProps<Values, Output> {
  /** The values of the two positions; true and false by default. */
  readonly on?: string | boolean;
  readonly off?: string | boolean;
}

/** One of two. */
export function SwitchField<Values extends FieldValues, Output>({
  control,
  name,
  label,
  description,
  disabled = false,
  on = true,
  off = false,
}: SwitchFieldProps<Values, Output>) {
  const { field, fieldState } = useController({ control, name });
  return (
    <Switch
      ref={field.ref}
      name={field.name}
      label={label}
      description={description}
      disabled={disabled}
      checked={field.value === on}
      onBlur={field.onBlur}
      onChange={(event) => field.onChange(event.currentTarget.checked ? on : off)}
      error={fieldState.error?.message}
    />
  );
}
