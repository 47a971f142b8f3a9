import { familyOf } from '../turn/scenario.ts';
import { brokenRule, type Violation } from '../violation.ts';
import type { MessagesRequest } from './schema.ts';

/** The API version that forbids sampling parameters for all models. */
export const NEWEST_VERSION = '2026-10-21';

const samplingFields = ['temperature', 'top_p', 'top_k'] as const;
const isNewFamily = (family: string): boolean => /opus-(5|4-[78])|sonnet-5|fable/.test(family);
const isOldFamily = (family: string): boolean => /claude-3|-4-[015]-|(?:opus|sonnet)-4-(?!\d)/.test(family);

/** Rules that hold for some models or one version of the API. */
export function checkModelRules(body: MessagesRequest, version: string): readonly Violation[] {
  const family = familyOf(body.model);
  const violations: Violation[] = [];
  const sampled = samplingFields.filter((field) => body[field] !== undefined);
  if (version === NEWEST_VERSION || isNewFamily(family)) {
    violations.push(...sampled.map((field) => brokenRule([field], `${field}: Sampling parameters are not supported.`)));
  }
  if (/-4-[1-9]/.test(family) && body.temperature !== undefined && body.top_p !== undefined) {
    violations.push(
      brokenRule(['top_p'], '`temperature` and `top_p` cannot both be specified for this model. Please use only one.'),
    );
  }
  if (isNewFamily(family)) violations.push(...checkNewFamily(body));
  if (isOldFamily(family)) violations.push(...checkOldFamily(body, family));
  return violations;
}

function checkNewFamily({ thinking, messages }: MessagesRequest): Violation[] {
  const violations: Violation[] = [];
  if (thinking?.type === 'enabled') {
    violations.push(
      brokenRule(
        ['thinking', 'type'],
        '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.',
      ),
    );
  }
  if (messages.at(-1)?.role === 'assistant') {
    violations.push(
      brokenRule(
        ['messages'],
        'This model does not support assistant message prefill. The conversation must end with a user message.',
      ),
    );
  }
  return violations;
}

function checkOldFamily({ thinking, output_config: output }: MessagesRequest, family: string): Violation[] {
  const violations: Violation[] = [];
  if (thinking?.type === 'adaptive') {
    violations.push(brokenRule(['thinking', 'type'], 'adaptive thinking is not supported on this model'));
  }
  if (output?.effort && !family.includes('opus-4-5')) {
    violations.push(brokenRule(['output_config', 'effort'], 'This model does not support the effort parameter.'));
  }
  if (output?.format && !family.includes('-4-5')) {
    violations.push(brokenRule(['output_config', 'format'], 'This model does not support structured outputs.'));
  }
  return violations;
}
