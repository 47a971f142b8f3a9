import { isNativeError } from 'node:util/types';

/** What an error says, with its cause, in one line for an operator. */
export function messageOf(error: unknown): string {
  if (!isError(error)) return String(error);
  const cause = isError(error.cause) ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}`;
}

function isError(value: unknown): value is Error {
  return value instanceof Error || isNativeError(value);
}
