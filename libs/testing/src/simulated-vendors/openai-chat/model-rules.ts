import { familyOf } from '../turn/scenario.ts';
import { brokenRule, type Violation } from '../violation.ts';
import type { ChatRequest } from './schema.ts';

const unsupportedByReasoners = [
  'top_p',
  'frequency_penalty',
  'presence_penalty',
  'logprobs',
  'top_logprobs',
  'logit_bias',
  'stop',
] as const;

/** Whether a family thinks before it answers. */
export function isReasoner(family: string): boolean {
  return /gpt-[5-9]|(^|[^a-z])o[1-9]/.test(family);
}

/** Rules that hold for some models. */
export function checkModelRules(body: ChatRequest, model: string): readonly Violation[] {
  const family = familyOf(model);
  if (isReasoner(family)) return [...checkReasoner(body), ...checkToolsWithEffort(body, family)];
  if (/gpt-[34]/.test(family) && body.reasoning_effort != null) {
    return [
      unsupported('reasoning_effort', "Unsupported parameter: 'reasoning_effort' is not supported with this model."),
    ];
  }
  return [];
}

function checkReasoner(body: ChatRequest): Violation[] {
  const violations: Violation[] = [];
  if (body.max_tokens != null) {
    violations.push(
      unsupported(
        'max_tokens',
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      ),
    );
  }
  if (body.temperature != null && body.temperature !== 1) {
    const message = `Unsupported value: 'temperature' does not support ${body.temperature} with this model. Only the default (1) value is supported.`;
    violations.push(brokenRule(['temperature'], message, 'unsupported_value'));
  }
  for (const name of unsupportedByReasoners) {
    if (body[name] != null && body[name] !== false && body[name] !== 0 && body[name] !== 1) {
      violations.push(unsupported(name, `Unsupported parameter: '${name}' is not supported with this model.`));
    }
  }
  return violations;
}

/** Since 5.4 functions and effort exclude each other here; since 5.6 the effort must even be switched off. */
function checkToolsWithEffort({ tools, reasoning_effort: effort }: ChatRequest, family: string): Violation[] {
  const version = Number(/gpt-(\d+(?:\.\d+)?)/.exec(family)?.[1] ?? 0);
  if (!tools || version < 5.4 || effort === 'none' || (version < 5.6 && effort == null)) return [];
  const name = /gpt-[\d.]+/.exec(family)?.[0] ?? 'this model';
  return [
    brokenRule(
      ['reasoning_effort'],
      `Function tools with reasoning_effort are not supported for ${name} in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.`,
    ),
  ];
}

function unsupported(name: string, message: string): Violation {
  return brokenRule([name], message, 'unsupported_parameter');
}
