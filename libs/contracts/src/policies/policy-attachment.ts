import { z } from 'zod';
import { isOperationPath, OPERATION_PATH_RULE } from '../resources/operation-path.ts';
import { checkParams } from './check-params.ts';
import { findPolicy } from './policy-catalogue.ts';
import { POLICY_VERSIONS } from './policy-definition.ts';

const named = {
  name: z.string().min(1).max(100),
  version: z
    .string()
    .regex(/^v\d+$/, 'must be a major version such as v1')
    .default('v1'),
  /** A condition in CEL over `request`; the policy only runs where it is true. */
  executionCondition: z.string().min(1).max(2_048).optional(),
};
const params = z.record(z.string(), z.json()).default({});

/** Where a policy runs: `/*`, `/chat/completions`, or a beginning that ends with `*`. */
const PolicyPath = z
  .string()
  .max(512)
  .regex(/^\/[^\s?#*]*\*?$/, "must be an absolute path, which may end with '*'")
  .refine(isOperationPath, { error: OPERATION_PATH_RULE });

const PolicyMethods = z.array(z.enum(['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', '*'])).min(1);

/** A policy for everything that a proxy serves. */
export const GlobalPolicy = z.strictObject({ ...named, params }).meta({ id: 'GlobalPolicy' });
export type GlobalPolicy = z.infer<typeof GlobalPolicy>;

/** A policy for some paths, each with parameters of its own; the most specific path holds. */
export const OperationPolicy = z
  .strictObject({
    ...named,
    paths: z
      .array(z.strictObject({ path: PolicyPath, methods: PolicyMethods, params }))
      .min(1)
      .max(100),
  })
  .meta({ id: 'OperationPolicy' });
export type OperationPolicy = z.infer<typeof OperationPolicy>;

/** Either form; the former spelling of documents. */
export const AnyPolicy = z.union([OperationPolicy, GlobalPolicy]).meta({ id: 'AnyPolicy' });
export type AnyPolicy = z.infer<typeof AnyPolicy>;

const Policies = z.array(AnyPolicy).max(50);

/** The fields of a spec that has policies. They run in the order in which they stand, the global ones first. */
export const policyFields = {
  /** The former spelling; not together with the other two. */
  policies: Policies.default([]),
  globalPolicies: z.array(GlobalPolicy).max(50).default([]),
  operationPolicies: z.array(OperationPolicy).max(50).default([]),
};

/** The policies of a spec, in any of their spellings. */
export interface PolicyLists {
  readonly policies: readonly AnyPolicy[];
  readonly globalPolicies: readonly GlobalPolicy[];
  readonly operationPolicies: readonly OperationPolicy[];
}

/** Checks names, versions and parameters; `providers` are the names by which the spec knows its providers. */
export function checkPolicies(spec: PolicyLists, providers: ReadonlySet<string>, context: z.RefinementCtx): void {
  if (spec.policies.length > 0 && spec.globalPolicies.length + spec.operationPolicies.length > 0) {
    const message = 'must not stand together with globalPolicies or operationPolicies';
    context.addIssue({ code: 'custom', path: ['policies'], message });
  }
  for (const list of ['policies', 'globalPolicies', 'operationPolicies'] as const) {
    for (const [index, policy] of spec[list].entries()) check(policy, [list, index], { providers, context });
  }
}

/** The same for the policies of a provider, which run when it has been chosen. */
export function checkProviderPolicies(spec: PolicyLists, context: z.RefinementCtx): void {
  checkPolicies(spec, new Set(), context);
  for (const list of ['policies', 'globalPolicies', 'operationPolicies'] as const) {
    for (const [index, { name }] of spec[list].entries()) {
      if (!findPolicy(name)?.proxyOnly) continue;
      const message = `'${name}' can only be a policy of an LlmProxy`;
      context.addIssue({ code: 'custom', path: [list, index, 'name'], message });
    }
  }
}

interface Check {
  readonly providers: ReadonlySet<string>;
  readonly context: z.RefinementCtx;
}

function check(policy: AnyPolicy, path: readonly PropertyKey[], { providers, context }: Check): void {
  const issue = (at: readonly PropertyKey[], message: string): void =>
    context.addIssue({ code: 'custom', path: [...path, ...at], message });
  const definition = findPolicy(policy.name);
  if (!definition) {
    issue(['name'], `unknown policy '${policy.name}'`);
    return;
  }
  if (!POLICY_VERSIONS.includes(policy.version))
    issue(['version'], `'${policy.name}' has no version ${policy.version}`);
  const places =
    'paths' in policy
      ? policy.paths.map(({ params: own }, index) => ({ own, at: ['paths', index] }))
      : [{ own: policy.params, at: [] }];
  for (const { own, at } of places) {
    const { data, issues } = checkParams(definition, own);
    for (const { path: inner, message } of issues) issue([...at, 'params', ...inner], message);
    if (data === undefined) continue;
    for (const named of definition.providersIn?.(data) ?? []) {
      if (providers.has(named.name)) continue;
      issue([...at, 'params', ...named.path], `'${named.name}' is not the primary or an additionalProvider (as||id)`);
    }
  }
}
