import type { FieldPath, FieldValues, UseFormReturn } from 'react-hook-form';
import { ApiError, messageOf } from './api-error.ts';

/**
 * Puts what the server refused at the fields it names and focuses the first of them. `ownerOf` says which field of
 * the form shows what is refused inside of it, though that is no field of the form.
 * Returns the text for the top of the form: the refusal's message and what belongs to no field of this form.
 */
export function reportRefusal<Values extends FieldValues, Output>(
  form: UseFormReturn<Values, unknown, Output>,
  error: unknown,
  ownerOf: (field: string) => string | undefined = () => undefined,
): string[] {
  const errors = error instanceof ApiError ? error.errors : [];
  // The server writes `spec.models[0].id`, the form `spec.models.0.id`.
  const refused = errors.map(({ field, message }) => ({ field: field.replaceAll(/\[(\d+)\]/g, '.$1'), message }));
  const known = refused.filter(
    ({ field }) => ownerOf(field) !== undefined || isInput(form.getValues(field as FieldPath<Values>)),
  );
  for (const [index, { field, message }] of known.entries()) {
    form.setError(field as FieldPath<Values>, { type: 'server', message }, { shouldFocus: index === 0 });
  }
  const owner = known[0] && ownerOf(known[0].field);
  if (owner !== undefined) form.setFocus(owner as FieldPath<Values>);
  const rest = refused.filter((entry) => !known.includes(entry));
  return [messageOf(error), ...rest.map(({ field, message }) => (field ? `${field}: ${message}` : message))];
}

/** Whether a field of this value has a control: groups of fields and unknown ones have none. */
function isInput(value: unknown): boolean {
  return value !== undefined && (typeof value !== 'object' || value === null);
}

/** The first message in an error of a field that holds a list: RHF nests those by index. */
export function firstMessage(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('message' in error && typeof error.message === 'string' && error.message) return error.message;
  for (const nested of Array.isArray(error) ? error : []) {
    const message = firstMessage(nested);
    if (message) return message;
  }
  return undefined;
}
