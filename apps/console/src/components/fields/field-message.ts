/** The message at a field: one that is empty and must not be is told in words for people, not in a schema's. */
export function fieldMessage(
  error: { readonly message?: string } | undefined,
  { required, value }: { readonly required: boolean; readonly value: unknown },
): string | undefined {
  const isMissing = required && (value === '' || value === undefined || value === null);
  return isMissing && error?.message?.startsWith('Too small') ? 'is required' : error?.message;
}
