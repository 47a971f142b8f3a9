import type { AnyPolicy, PolicyLists, SnapshotPolicy, Transformer } from '@penstock/contracts';
import {
  embeddedReferences,
  isSecretVariable,
  type Reference,
  type ReferringText,
  referringTexts,
  SECRET_VARIABLE_PREFIX,
  SecretReferenceError,
} from '@penstock/secrets';
import { validationError } from '../common/validation.ts';
import type { Transaction } from '../prisma/prisma.service.ts';

/** A spec that has policies, as it is written or as an earlier release has stored it. */
export interface PoliciesOf extends Partial<PolicyLists> {
  readonly additionalProviders?: readonly { readonly transformer?: Transformer | undefined }[];
}

interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * Checks what the parameters of policies refer to. Throws the 400, which names each place: for what is wrongly written, for a secret that
 * does not exist and has no default, and for an environment variable that documents may not name.
 */
export async function checkPolicyReferences(
  transaction: Transaction,
  organizationId: string,
  spec: PoliciesOf,
): Promise<void> {
  const texts = policyTexts(spec);
  if (texts.length === 0) return;
  const read = texts.map((text) => ({ ...text, ...readText(text) }));
  const names = new Set(read.flatMap(({ references }) => references.filter(isSecret).map(({ name }) => name)));
  const rows = await transaction.secret.findMany({
    where: { organizationId, name: { in: [...names] } },
    select: { name: true },
  });
  const known = new Set(rows.map(({ name }) => name));
  const faults = read.flatMap(({ path, references, fault }): Fault[] =>
    fault === null
      ? references.flatMap((reference) => faultOf(reference, known) ?? []).map((message) => ({ path, message }))
      : [{ path, message: fault }],
  );
  if (faults.length > 0) throw validationError(faults);
}

/** The names of the secrets that the policies of a spec refer to. What cannot be read refers to none: a gateway says what is wrong with it. */
export function policySecretsOf(spec: PoliciesOf): ReadonlySet<string> {
  return secretsOf(policyTexts(spec));
}

/** The same of the policies of a snapshot. */
export function snapshotPolicySecrets(policies: readonly SnapshotPolicy[] = []): ReadonlySet<string> {
  return secretsOf(policies.flatMap(({ params, paths }) => referringTexts([params, paths])));
}

function secretsOf(texts: readonly ReferringText[]): ReadonlySet<string> {
  return new Set(
    texts.flatMap((text) =>
      readText(text)
        .references.filter(isSecret)
        .map(({ name }) => name),
    ),
  );
}

const isSecret = ({ source }: Reference): boolean => source === 'secret';

/** The strings of parameters that hold references, and where they stand in the document. */
function policyTexts(spec: PoliciesOf): readonly ReferringText[] {
  const policies = (['policies', 'globalPolicies', 'operationPolicies'] as const).flatMap((list) =>
    (spec[list] ?? []).flatMap((policy, index) => textsOf(policy, ['spec', list, index])),
  );
  const transformers = (spec.additionalProviders ?? []).flatMap(({ transformer }, index) =>
    referringTexts(transformer?.params, ['spec', 'additionalProviders', index, 'transformer', 'params']),
  );
  return [...policies, ...transformers];
}

function textsOf(policy: AnyPolicy, path: readonly PropertyKey[]): readonly ReferringText[] {
  if (!('paths' in policy)) return referringTexts(policy.params, [...path, 'params']);
  return policy.paths.flatMap(({ params }, index) => referringTexts(params, [...path, 'paths', index, 'params']));
}

function readText({ text }: ReferringText): {
  readonly references: readonly Reference[];
  readonly fault: string | null;
} {
  try {
    return { references: embeddedReferences(text), fault: null };
  } catch (error) {
    if (error instanceof SecretReferenceError) return { references: [], fault: error.message };
    throw error;
  }
}

function faultOf({ source, name, fallback }: Reference, known: ReadonlySet<string>): string | null {
  if (source === 'secret') {
    return fallback === undefined && !known.has(name) ? `there is no Secret named '${name}'` : null;
  }
  if (isSecretVariable(name)) return null;
  return `may name only environment variables that begin with ${SECRET_VARIABLE_PREFIX}, not '${name}'`;
}
