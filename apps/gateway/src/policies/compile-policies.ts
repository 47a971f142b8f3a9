import type { SnapshotPolicy, SnapshotProxy } from '@penstock/contracts';
import { compileCondition, type PathOperation, pathMatcher } from '@penstock/policies';
import type { EndpointDefinition } from '../endpoints/endpoint.ts';
import { PolicyChain, type PolicyStep } from './policy-chain.ts';
import { createPolicy, type PolicyCompileServices } from './create-policy.ts';
import type { PolicyOwner } from './policy-factory.ts';

/** Finds the chain of an operation; null: it has no policies. */
export type PolicyChains = (
  definition: Pick<EndpointDefinition, 'method' | 'path' | 'versioned'>,
) => PolicyChain | null;

/** The same by the paths of a request. */
export type ChainFinder = (operation: PathOperation) => PolicyChain | null;

/** Whose policies they are. */
export interface GovernedEntity {
  readonly owner: Omit<PolicyOwner, 'place'>;
  readonly policies: readonly SnapshotPolicy[];
}

type StepFor = (operation: PathOperation) => PolicyStep | undefined;

/** Compiles the policies of a proxy. Throws an Error that names the policy that cannot be run. */
export function compilePolicies(proxy: SnapshotProxy, services: PolicyCompileServices): PolicyChains {
  if (proxy.policies.length === 0) return () => null;
  const owner = { organizationId: proxy.organizationId, proxyId: proxy.id, proxyName: proxy.name };
  const find = compileChains({ owner, policies: proxy.policies }, services);
  return ({ method, path, versioned }) => {
    const at = (suffix: string) => find({ method, paths: written({ path, versioned }, suffix) });
    if (method !== 'POST' || !path.endsWith('}')) return at('');
    const variants = METHODS_OF_MODELS.map((suffix) => [suffix, at(suffix)] as const);
    const usual = at('');
    if (usual === null && variants.every(([, chain]) => chain === null)) return null;
    return new PolicyChain(usual?.steps ?? [], new Map(variants));
  };
}

/** What Gemini's models are asked for: each method is an operation of its own for documents. */
const METHODS_OF_MODELS = [':generateContent', ':streamGenerateContent'] as const;

/** How documents may write an operation; those of Gemini's models with the method, and without it for all of them. */
function written(
  { path, versioned }: Pick<EndpointDefinition, 'path' | 'versioned'>,
  suffix: string,
): readonly string[] {
  const paths = suffix === '' ? [path] : [path, path + suffix];
  return versioned ? paths.flatMap((one) => [one, `/v1${one}`]) : paths;
}

/** Compiles policies, to be found by paths. Throws an Error that names the policy that cannot be run. */
export function compileChains({ owner, policies }: GovernedEntity, services: PolicyCompileServices): ChainFinder {
  const finders = policies.map((policy, index) => {
    const before = policies.slice(0, index).filter(({ name }) => name === policy.name).length;
    return compilePolicy(policy, { ...owner, place: before === 0 ? '' : `#${before}` }, services);
  });
  // Most operations have the same steps; one chain may stand at several places.
  const chains: PolicyChain[] = [];
  return (operation) => {
    const steps = finders.flatMap((find) => find(operation) ?? []);
    if (steps.length === 0) return null;
    let chain = chains.find((known) => isSame(known.steps, steps));
    if (!chain) chains.push((chain = new PolicyChain(steps)));
    return chain;
  };
}

function isSame(one: readonly PolicyStep[], other: readonly PolicyStep[]): boolean {
  return one.length === other.length && one.every((step, index) => step === other[index]);
}

function compilePolicy(policy: SnapshotPolicy, owner: PolicyOwner, services: PolicyCompileServices): StepFor {
  const condition = policy.condition === null ? null : compileCondition(policy.condition);
  const step = (params: SnapshotPolicy['params'], place = owner.place): PolicyStep => ({
    policy: createPolicy(policy.name, params, { ...owner, place }, services),
    condition,
  });
  const { paths } = policy;
  if (paths === null) {
    const everywhere = step(policy.params);
    return () => everywhere;
  }
  const steps = new Map(
    paths.map((entry) => [entry, step(entry.params, `${owner.place} ${entry.methods.join(',')} ${entry.path}`)]),
  );
  const find = pathMatcher(paths);
  return (operation) => {
    const entry = find(operation);
    return entry && steps.get(entry);
  };
}
