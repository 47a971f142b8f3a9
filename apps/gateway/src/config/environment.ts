/** An environment variable has a value that cannot be used; the message names it and says what is expected. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The trimmed value, or undefined when it is missing or empty. */
export function text(env: Environment, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}

/** A whole number within bounds. Throws {@link EnvironmentError}. */
export function integer(
  env: Environment,
  name: string,
  fallback: number,
  bounds: { min: number; max: number },
): number {
  const value = text(env, name);
  if (value === undefined) return fallback;
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < bounds.min || number > bounds.max) {
    throw new EnvironmentError(`${name} must be a whole number from ${bounds.min} to ${bounds.max}.`);
  }
  return number;
}

/** `true`, `1`, `yes` or `on`, in any case; anything else of a value is false. */
export function flag(env: Environment, name: string, fallback = false): boolean {
  const value = text(env, name);
  return value === undefined ? fallback : /^(true|1|yes|on)$/i.test(value);
}

/** A comma-separated list. */
export function list(env: Environment, name: string): readonly string[] {
  return (text(env, name) ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
