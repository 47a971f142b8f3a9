import type { Transaction } from '../prisma/prisma.service.ts';
import { type PoliciesOf, policySecretsOf } from './policy-references.ts';

/** Tables of resources that have policies, and what their kind is called. */
const TABLES = [
  ['LlmProvider', 'llmProvider'],
  ['LlmProxy', 'llmProxy'],
] as const;

/** The providers and proxies whose policies refer to a secret. */
export async function policiesReferringTo(
  transaction: Transaction,
  { organizationId, name }: { readonly organizationId: string; readonly name: string },
): Promise<readonly string[]> {
  const referring: string[] = [];
  for (const [kind, table] of TABLES) {
    for (const row of await rowsOf(transaction, table, organizationId)) {
      if (policySecretsOf(row.spec as PoliciesOf).has(name)) referring.push(`${kind} ${row.name}`);
    }
  }
  return referring;
}

/** Only a secret that is to be deleted asks: that is rare, and an organization has some thousands of these at most. */
function rowsOf(
  transaction: Transaction,
  table: 'llmProvider' | 'llmProxy',
  organizationId: string,
): Promise<readonly { readonly name: string; readonly spec: unknown }[]> {
  const query = { where: { organizationId }, select: { name: true, spec: true }, orderBy: { name: 'asc' } } as const;
  return table === 'llmProxy' ? transaction.llmProxy.findMany(query) : transaction.llmProvider.findMany(query);
}
