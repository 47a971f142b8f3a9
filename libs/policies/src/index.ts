export { compileCondition, type ConditionInput, type ExecutionCondition } from './execution-condition.ts';
export { JsonPath, type JsonPlace } from './json-path.ts';
export { type PolicyFault, policyFaults } from './policy-faults.ts';
export { type TextMatch, TextPattern } from './text-pattern.ts';
