import type { SnapshotPolicy, SnapshotProxy } from '@penstock/contracts';
import { compileCondition, matchPath } from '@penstock/policies';
import type { EndpointDefinition } from '../endpoints/endpoint.ts';
import { PolicyChain, type PolicyStep } from './policy-chain.ts';
import type { PolicyOwner, PolicyServices } from './policy-factory.ts';
import { factoryOf } from './policy-registry.ts';

/** Finds the chain of an operation; null: it has no policies. */
export type PolicyChains = (
  definition: Pick<EndpointDefinition, 'method' | 'path' | 'versioned'>,
) => PolicyChain | null;

type StepFor = (operation: { readonly method: string; readonly paths: readonly string[] }) => PolicyStep | undefined;

/** Compiles the policies of a proxy. Throws an Error that names the policy that cannot be run. */
export function compilePolicies(proxy: SnapshotProxy, services: PolicyServices): PolicyChains {
  if (proxy.policies.length === 0) return () => null;
  const owner = { organizationId: proxy.organizationId, proxyId: proxy.id, proxyName: proxy.name };
  const finders = proxy.policies.map((policy, index) => {
    const before = proxy.policies.slice(0, index).filter(({ name }) => name === policy.name).length;
    return compilePolicy(policy, { ...owner, place: before === 0 ? '' : `#${before}` }, services);
  });
  return ({ method, path, versioned }) => {
    const operation = { method, paths: versioned ? [path, `/v1${path}`] : [path] };
    const steps = finders.flatMap((find) => find(operation) ?? []);
    return steps.length === 0 ? null : new PolicyChain(steps);
  };
}

function compilePolicy(policy: SnapshotPolicy, owner: PolicyOwner, services: PolicyServices): StepFor {
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
  return (operation) => {
    const entry = matchPath(paths, operation);
    return entry && steps.get(entry);
  };
}

function createPolicy(name: string, params: unknown, owner: PolicyOwner, services: PolicyServices) {
  const factory = factoryOf(name);
  if (!factory) throw new TypeError(`the policy '${name}' is not known to this gateway`);
  const parsed = factory.definition.params.safeParse(params);
  if (!parsed.success) {
    const { path = [], message = '' } = parsed.error.issues[0] ?? {};
    throw new TypeError(`the policy '${name}' has wrong parameters: ${path.map(String).join('.')} ${message}`);
  }
  return factory.create(parsed.data, owner, services);
}
