import { type AnyPolicy, findPolicy, type PolicyLists } from '@penstock/contracts';
import { compileCondition } from './execution-condition.ts';
import { TextPattern } from './text-pattern.ts';

/** What is wrong with a policy, and where: `policies[0].params.regex`. */
export interface PolicyFault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What the schemas of policies cannot check: conditions and regular expressions. For specs that those have accepted. */
export function policyFaults(spec: PolicyLists): readonly PolicyFault[] {
  return (['policies', 'globalPolicies', 'operationPolicies'] as const).flatMap((list) =>
    spec[list].flatMap((policy, index) => faultsOf(policy, [list, index])),
  );
}

function faultsOf(policy: AnyPolicy, path: readonly PropertyKey[]): readonly PolicyFault[] {
  const { executionCondition } = policy;
  const condition =
    executionCondition === undefined
      ? []
      : faultOf([...path, 'executionCondition'], () => compileCondition(executionCondition));
  return [...condition, ...paramsOf(policy, path).flatMap(([params, at]) => patternFaults(policy.name, params, at))];
}

function paramsOf(
  policy: AnyPolicy,
  path: readonly PropertyKey[],
): readonly (readonly [unknown, readonly PropertyKey[]])[] {
  if (!('paths' in policy)) return [[policy.params, [...path, 'params']]];
  return policy.paths.map(({ params }, index) => [params, [...path, 'paths', index, 'params']] as const);
}

function patternFaults(name: string, params: unknown, path: readonly PropertyKey[]): readonly PolicyFault[] {
  const definition = findPolicy(name);
  const parsed = definition?.params.safeParse(params);
  if (!definition?.patternsIn || !parsed?.success) return [];
  return definition
    .patternsIn(parsed.data)
    .flatMap(({ path: inner, pattern }) => faultOf([...path, ...inner], () => new TextPattern(pattern)));
}

function faultOf(path: readonly PropertyKey[], attempt: () => unknown): readonly PolicyFault[] {
  try {
    attempt();
    return [];
  } catch (error) {
    return [{ path, message: error instanceof Error ? error.message : 'cannot be read' }];
  }
}
