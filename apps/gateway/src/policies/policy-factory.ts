import type { PolicyDefinition } from '@penstock/contracts';
import type { Logger } from '@penstock/telemetry';
import type { z } from 'zod';
import type { Policy } from './policy.ts';

/** What policies may use of the gateway. */
export interface PolicyServices {
  readonly logger: Logger;
  /** Epoch ms. */
  readonly now: () => number;
  /** From 0 up to 1, exclusive. */
  readonly random: () => number;
}

/** The proxy that a policy belongs to. */
export interface PolicyOwner {
  readonly organizationId: string;
  readonly proxyId: string;
  readonly proxyName: string;
}

/** Makes a policy from its parameters, once per snapshot and attachment. */
export interface PolicyFactory<Definition extends PolicyDefinition = PolicyDefinition> {
  readonly definition: Definition;
  create(params: z.output<Definition['params']>, owner: PolicyOwner, services: PolicyServices): Policy;
}

/** Ties a factory to the schema of its parameters. */
export function policyFactory<Definition extends PolicyDefinition>(
  definition: Definition,
  create: PolicyFactory<Definition>['create'],
): PolicyFactory {
  return { definition, create: create as PolicyFactory['create'] };
}
