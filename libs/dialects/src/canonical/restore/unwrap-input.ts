/**
 * The bare input of a freeform tool that was sent as a function with the one argument `input`. What a model writes instead of
 * it is taken as it is, since the caller's tool knows best what to make of it.
 */
export function unwrapInput(argumentsText: string): string {
  const input = inputOf(argumentsText);
  if (input === undefined) return argumentsText;
  return typeof input === 'string' ? input : JSON.stringify(input);
}

function inputOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'input' in value ? value.input : undefined;
  } catch {
    return undefined;
  }
}
