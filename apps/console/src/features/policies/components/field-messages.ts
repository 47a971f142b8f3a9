import { firstMessage } from '../../../lib/form-errors.ts';
import { isBlank } from './schema-value.ts';

/** The part of an error that belongs to a value within. */
export function errorAt(error: unknown, key: string | number): unknown {
  if (typeof error !== 'object' || error === null) return undefined;
  return (error as Readonly<Record<string | number, unknown>>)[key];
}

/** The message for a value itself, and not for one within. */
export function ownMessage(error: unknown): string | undefined {
  const message = errorAt(error, 'message');
  return typeof message === 'string' && message ? message : undefined;
}

/** The message at a field without fields inside; what is empty and must not be is told in words for people. */
export function messageFor({
  error,
  required,
  value,
}: {
  readonly error: unknown;
  readonly required: boolean;
  readonly value: unknown;
}): string | undefined {
  const message = ownMessage(error) ?? firstMessage(error) ?? deepMessage(error);
  return message && required && isBlank(value) ? 'is required' : message;
}

/** Any message within: where fields are folded away, or are none. */
export function deepMessage(error: unknown): string | undefined {
  const own = ownMessage(error);
  if (own || typeof error !== 'object' || error === null) return own;
  for (const [key, nested] of Object.entries(error)) {
    // An input: react-hook-form keeps it there to focus it.
    const message = key === 'ref' ? undefined : deepMessage(nested);
    if (message) return message;
  }
  return undefined;
}
