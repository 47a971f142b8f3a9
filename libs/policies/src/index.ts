export { type AccessRules, compileAccess } from './access-rules.ts';
export {
  compileCondition,
  type ConditionInput,
  type ConditionOutcome,
  type ExecutionCondition,
  explainCondition,
} from './execution-condition.ts';
export { JsonPath, type JsonPlace } from './json-path.ts';
export { matchPath, type PathOperation, pathMatcher } from './path-match.ts';
export { PathTemplate } from './path-template.ts';
export { ProviderPaths } from './provider-paths.ts';
export { type PolicyFault, policyFaults } from './policy-faults.ts';
export { type PublicKey, readPublicKeys } from './public-keys.ts';
export { type TextMatch, TextPattern } from './text-pattern.ts';
export { compileNumber, compileText, type ValueExpression } from './value-expression.ts';
