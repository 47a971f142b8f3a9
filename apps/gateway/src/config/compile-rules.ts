import type { SnapshotProvider } from '@penstock/contracts';
import { compileAccess, type PathOperation, ProviderPaths } from '@penstock/policies';
import { compileChains } from '../policies/compile-policies.ts';
import type { PolicyCompileServices } from '../policies/create-policy.ts';
import { ProviderRules } from './provider-rules.ts';

const everything = (_operation: PathOperation): boolean => true;
const nothing = (_operation: PathOperation): null => null;

/** The access control and the policies of a provider; null: it has neither. Throws an Error that names a policy that cannot be run. */
export function compileRules(provider: SnapshotProvider, services: PolicyCompileServices): ProviderRules | null {
  const { id, name, organizationId, accessControl, policies = [], baseUrl, upstreams = [], template } = provider;
  const isOpen = !accessControl || (accessControl.mode === 'allow_all' && accessControl.exceptions.length === 0);
  if (isOpen && policies.length === 0) return null;
  const owner = { organizationId, proxyId: id, proxyName: name, providerId: id };
  return new ProviderRules(
    isOpen ? everything : compileAccess(accessControl),
    policies.length === 0 ? nothing : compileChains({ owner, policies }, services),
    {
      paths: new ProviderPaths([baseUrl, ...upstreams.map((server) => server.baseUrl)], template),
      written: [...(accessControl?.exceptions ?? []), ...policies.flatMap(({ paths }) => paths ?? [])].map(
        ({ path }) => path,
      ),
    },
  );
}
