import { PasswordInput, TextInput, type TextInputProps } from '@mantine/core';
import { useController, type FieldValues } from 'react-hook-form';
import { fieldMessage } from './field-message.ts';
import type { FieldProps } from './field-props.ts';

interface TextFieldProps<Values extends FieldValues, Output> extends FieldProps<Values, Output> {
  readonly type?: 'text' | 'email' | 'url' | 'datetime-local';
  readonly autoComplete?: string;
  /** For names, URLs and other text that is not prose. */
  readonly code?: boolean;
  /** Where the keyboard starts in a dialog. */
  readonly first?: boolean;
  readonly input?: Omit<TextInputProps, keyof FieldProps<Values, Output>>;
}

/** A line of text. */
export function TextField<Values extends FieldValues, Output>({
  control,
  name,
  code,
  first,
  input,
  autoComplete = 'off',
  required = false,
  ...rest
}: TextFieldProps<Values, Output>) {
  const { field, fieldState } = useController({ control, name });
  return (
    <TextInput
      {...field}
      {...rest}
      {...input}
      value={field.value ?? ''}
      autoComplete={autoComplete}
      withAsterisk={required}
      aria-required={required}
      spellCheck={!code}
      data-autofocus={first || undefined}
      error={fieldMessage(fieldState.error, { required, value: field.value })}
    />
  );
}

/** A secret: hidden while it is typed, never filled in by a password manager unless `autoComplete` says so. */
export function SecretField<Values extends FieldValues, Output>({
  control,
  name,
  autoComplete = 'new-password',
  required = false,
  ...rest
}: FieldProps<Values, Output> & { readonly autoComplete?: string }) {
  const { field, fieldState } = useController({ control, name });
  return (
    <PasswordInput
      {...field}
      {...rest}
      value={field.value ?? ''}
      autoComplete={autoComplete}
      withAsterisk={required}
      aria-required={required}
      visibilityToggleButtonProps={{ 'aria-label': `Show or hide ${rest.label.toLowerCase()}`, tabIndex: 0 }}
      error={fieldMessage(fieldState.error, { required, value: field.value })}
    />
  );
}
