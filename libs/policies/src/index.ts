export {
  compileCondition,
  type ConditionInput,
  type ConditionOutcome,
  type ExecutionCondition,
  explainCondition,
} from './execution-condition.ts';
export { JsonPath, type JsonPlace } from './json-path.ts';
export { matchPath } from './path-match.ts';
export { type PolicyFault, policyFaults } from './policy-faults.ts';
export { type TextMatch, TextPattern } from './text-pattern.ts';
