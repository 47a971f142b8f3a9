import {
  isSecretVariable,
  referencedSecrets,
  referencedVariables,
  requiredSecrets,
  SECRET_VARIABLE_PREFIX,
  SecretReferenceError,
} from '@penstock/secrets';
import { invalidField } from '../common/admin-error.ts';
import type { Transaction } from '../prisma/prisma.service.ts';

/** A text that may hold references, and the field that it stands in. */
export interface ReferringField {
  readonly field: string;
  readonly text: string;
}

/**
 * The names of the secrets that the text refers to. Throws the 400 for what is wrongly written, for a secret that does not
 * exist and has no default, and for an environment variable that documents may not name. Whether a variable is set is known
 * only to each gateway.
 */
export async function checkReferences(
  transaction: Transaction,
  organizationId: string,
  { field, text }: ReferringField,
): Promise<readonly string[]> {
  const { names, required, variables } = readReferences(field, text);
  const forbidden = variables.find((name) => !isSecretVariable(name));
  if (forbidden !== undefined) {
    const message = `may name only environment variables that begin with ${SECRET_VARIABLE_PREFIX}, not '${forbidden}'`;
    throw invalidField(field, message);
  }
  if (required.length === 0) return names;
  const rows = await transaction.secret.findMany({
    where: { organizationId, name: { in: [...required] } },
    select: { name: true },
  });
  const known = new Set(rows.map(({ name }) => name));
  const missing = required.find((name) => !known.has(name));
  if (missing !== undefined) throw invalidField(field, `there is no Secret named '${missing}'`);
  return names;
}

function readReferences(field: string, text: string) {
  try {
    return { names: referencedSecrets(text), required: requiredSecrets(text), variables: referencedVariables(text) };
  } catch (error) {
    if (error instanceof SecretReferenceError) throw invalidField(field, error.message);
    throw error;
  }
}
