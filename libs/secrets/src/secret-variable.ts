/** Documents may name only environment variables that begin so: whoever writes them must not read the process's own secrets. */
export const SECRET_VARIABLE_PREFIX = 'PENSTOCK_SECRET_';

/** Whether documents may name this environment variable. */
export function isSecretVariable(name: string): boolean {
  return name.startsWith(SECRET_VARIABLE_PREFIX) && /^[A-Z0-9_]+$/.test(name);
}

/** The value of a variable that documents may name; undefined for every other one. */
export function readSecretVariable(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
): string | undefined {
  return isSecretVariable(name) ? environment[name] : undefined;
}
