import { type AnyPolicy, findPolicy, holdsReference, type PolicyLists } from '@penstock/contracts';
import { compileCondition } from './execution-condition.ts';
import { readPublicKeys } from './public-keys.ts';
import { TextPattern } from './text-pattern.ts';
import { compileNumber, compileText } from './value-expression.ts';

/** What is wrong with a policy, and where: `policies[0].params.regex`. */
export interface PolicyFault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What the schemas of policies cannot check: conditions, regular expressions, expressions in CEL, public keys. For specs that those have accepted. */
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
  if (!definition || !parsed?.success) return [];
  const { data } = parsed;
  return [
    ...(definition.patternsIn?.(data) ?? [])
      .filter(({ pattern }) => isKnown(pattern))
      .flatMap(({ path: inner, pattern }) => faultOf([...path, ...inner], () => new TextPattern(pattern))),
    ...(definition.expressionsIn?.(data) ?? [])
      .filter(({ expression }) => isKnown(expression))
      .flatMap(({ path: inner, expression, type }) =>
        faultOf([...path, ...inner], () => (type === 'string' ? compileText(expression) : compileNumber(expression))),
      ),
    ...(definition.publicKeysIn?.(data) ?? [])
      .filter(({ keys }) => isKnown(JSON.stringify(keys)))
      .flatMap(({ path: inner, keys }) => faultOf([...path, ...inner], () => readPublicKeys(keys))),
  ];
}

/** What a reference comes to is known to each gateway alone, which checks it then. */
function isKnown(text: string): boolean {
  return !holdsReference(text);
}

function faultOf(path: readonly PropertyKey[], attempt: () => unknown): readonly PolicyFault[] {
  try {
    attempt();
    return [];
  } catch (error) {
    return [{ path, message: error instanceof Error ? error.message : 'cannot be read' }];
  }
}
