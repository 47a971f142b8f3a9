/** A secret of the environment cannot be read; the message names the variable, never the value. */
export class SecretSourceError extends Error {
  override readonly name = 'SecretSourceError';
}

/**
 * Reads a secret from the variable `name`, or from the file that `<name>_FILE` names (as container platforms mount secrets).
 * Surrounding white space is dropped and an empty value counts as absent. Throws {@link SecretSourceError} when both are set
 * or the file cannot be read. `readFile` gives the text of a file.
 */
export function readSecret(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  readFile: (path: string) => string,
): string | undefined {
  const value = env[name]?.trim();
  const file = env[`${name}_FILE`]?.trim();
  if (!file) return value || undefined;
  if (value) throw new SecretSourceError(`Set ${name} or ${name}_FILE, not both.`);
  try {
    return readFile(file).trim() || undefined;
  } catch (error) {
    throw new SecretSourceError(`${name}_FILE names a file that cannot be read: ${file}`, { cause: error });
  }
}
