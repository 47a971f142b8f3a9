import { llmHeaderRouter } from './llm-header-router/index.ts';
import { modelRoundRobin, modelWeightedRoundRobin } from './model-round-robin/index.ts';
import { modelRouter } from './model-router/index.ts';
import type { PolicyFactory } from './policy-factory.ts';
import { removeHeaders } from './remove-headers/index.ts';
import { sessionAffinity } from './session-affinity/index.ts';
import { setHeaders } from './set-headers/index.ts';

/** Every policy that this gateway can run; the catalogue of contracts lists the same. */
export const POLICY_FACTORIES: readonly PolicyFactory[] = [
  setHeaders,
  removeHeaders,
  llmHeaderRouter,
  modelRouter,
  modelRoundRobin,
  modelWeightedRoundRobin,
  sessionAffinity,
];

const byName = new Map(POLICY_FACTORIES.map((factory) => [factory.definition.name, factory]));

/** The factory of a policy by the name that it has in the catalogue. */
export function factoryOf(name: string): PolicyFactory | undefined {
  return byName.get(name);
}
