import { NumberInput } from '@mantine/core';
import { useController, type FieldValues } from 'react-hook-form';
import type { FieldProps } from './field-props.ts';

interface NumberFieldProps<Values extends FieldValues, Output> extends FieldProps<Values, Output> {
  readonly min?: number;
  readonly max?: number;
  readonly prefix?: string;
  readonly suffix?: string;
  /** Digits after the point; none by default. */
  readonly decimals?: number;
  /** The label is read by screen readers only: inside a table. */
  readonly hideLabel?: boolean;
}

/** A number; an empty field is `null`. */
export function NumberField<Values extends FieldValues, Output>({
  control,
  name,
  label,
  decimals = 0,
  hideLabel = false,
  required = false,
  ...rest
}: NumberFieldProps<Values, Output>) {
  const { field, fieldState } = useController({ control, name });
  return (
    <NumberInput
      {...field}
      {...rest}
      {...(hideLabel ? { 'aria-label': label } : { label })}
      value={field.value ?? ''}
      onChange={(value) => field.onChange(value === '' ? null : Number(value))}
      withAsterisk={required && !hideLabel}
      aria-required={required}
      thousandSeparator=","
      decimalScale={decimals}
      allowDecimal={decimals > 0}
      allowNegative={false}
      hideControls
      error={fieldState.error?.message}
    />
  );
}
