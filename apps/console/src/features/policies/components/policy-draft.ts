import type { AnyPolicy, GlobalPolicy, OperationPolicy, PolicyDescription, PolicyLists } from '@penstock/contracts';
import type { z } from 'zod';
import { parameterSchema } from './json-schema.ts';
import { startGroup, unfinishedPaths } from './schema-value.ts';

/** Parameters for one path. */
export interface PathDraft {
  /** Tells the rows of the form apart; it is not sent. */
  readonly key: string;
  readonly path: string;
  readonly methods: readonly string[];
  readonly params: unknown;
}

/** One attached policy as the form holds it. */
export interface PolicyDraft {
  /** Tells the rows of the form apart; it is not sent. */
  readonly key: string;
  readonly name: string;
  readonly version: string;
  /** Empty: it always runs. */
  readonly executionCondition: string;
  /** Of any depth: what the fields of the form hold is known by the policy's JSON Schema alone. */
  readonly params: unknown;
  /** Null: it runs for every path. */
  readonly paths: readonly PathDraft[] | null;
}

/** The lists of policies of a document, by the names that they have there. */
export interface PolicyListsDraft {
  /** The former spelling; not together with the other two. */
  readonly policies: readonly PolicyDraft[];
  readonly globalPolicies: readonly PolicyDraft[];
  readonly operationPolicies: readonly PolicyDraft[];
}
export type PolicyListName = keyof PolicyListsDraft;

export const NO_POLICIES: PolicyListsDraft = { policies: [], globalPolicies: [], operationPolicies: [] };

export const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', '*'] as const;

let keys = 0;
const newKey = (): string => {
  keys += 1;
  return `policy-${keys}`;
};

/** The form of saved policies. */
export function draftOfPolicies(lists: PolicyLists): PolicyListsDraft {
  return {
    policies: lists.policies.map(draftOfPolicy),
    globalPolicies: lists.globalPolicies.map(draftOfPolicy),
    operationPolicies: lists.operationPolicies.map(draftOfPolicy),
  };
}

function draftOfPolicy(policy: AnyPolicy): PolicyDraft {
  const { name, version, executionCondition = '' } = policy;
  const common = { key: newKey(), name, version, executionCondition };
  if (!('paths' in policy)) return { ...common, params: policy.params, paths: null };
  return { ...common, params: {}, paths: policy.paths.map((path) => ({ ...path, key: newKey() })) };
}

/** A policy to begin with, with what its parameters must have. */
export function newPolicy(description: PolicyDescription, forPaths: boolean): PolicyDraft {
  const params = startGroup(parameterSchema(description));
  return {
    key: newKey(),
    name: description.name,
    version: description.versions.at(-1) ?? 'v1',
    executionCondition: '',
    params: forPaths ? {} : params,
    paths: forPaths ? [newPath(params)] : null,
  };
}

/** A path to begin with. */
export function newPath(params: unknown): PathDraft {
  return { key: newKey(), path: '/chat/completions', methods: ['POST'], params };
}

/** The lists as documents have them; what is wrong in them is for the schema to say. */
export function policiesOf({ policies, globalPolicies, operationPolicies }: PolicyListsDraft): {
  policies: AnyPolicy[];
  globalPolicies: GlobalPolicy[];
  operationPolicies: OperationPolicy[];
} {
  return {
    policies: policies.map(policyOf),
    globalPolicies: globalPolicies.map((policy) => policyOf(policy) as GlobalPolicy),
    operationPolicies: operationPolicies.map((policy) => policyOf(policy) as OperationPolicy),
  };
}

function policyOf({ name, version, executionCondition, params, paths }: PolicyDraft): AnyPolicy {
  const condition = executionCondition.trim();
  const common = { name, version, ...(condition ? { executionCondition: condition } : {}) };
  if (paths === null) return { ...common, params: params as GlobalPolicy['params'] };
  return { ...common, paths: paths.map(({ key: _, ...path }) => path as OperationPolicy['paths'][number]) };
}

/** What a schema could not say: where text stands that is not JSON yet. `at` is where the lists stand in the draft. */
export function checkPolicyDrafts(lists: PolicyListsDraft, context: z.RefinementCtx, at: readonly string[]): void {
  for (const name of ['policies', 'globalPolicies', 'operationPolicies'] as const) {
    for (const path of unfinishedPaths(lists[name])) {
      context.addIssue({ code: 'custom', path: [...at, name, ...path], message: 'must be JSON' });
    }
  }
}

/** What is written in the former spelling, in the present one. */
export function converted({ policies, globalPolicies, operationPolicies }: PolicyListsDraft): PolicyListsDraft {
  return {
    policies: [],
    globalPolicies: [...globalPolicies, ...policies.filter(({ paths }) => paths === null)],
    operationPolicies: [...operationPolicies, ...policies.filter(({ paths }) => paths !== null)],
  };
}

/** Whether the policies run in another order once they are converted: those for every path then come first. */
export function conversionReorders({ policies }: PolicyListsDraft): boolean {
  const firstWithPaths = policies.findIndex(({ paths }) => paths !== null);
  return firstWithPaths !== -1 && policies.slice(firstWithPaths).some(({ paths }) => paths === null);
}
