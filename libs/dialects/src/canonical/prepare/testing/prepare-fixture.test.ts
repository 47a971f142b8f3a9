import type { Dialect, ModelProfileOverrides } from '@penstock/contracts';
import type { CanonicalRequest } from '../../canonical-request.ts';
import type { PrepareContext } from '../../prepare-context.ts';
import { resolveModelProfile } from '../../profile/resolve-model-profile.ts';
import { type ParameterPolicy, Warnings } from '../../warnings.ts';

/** A request of a Chat caller that asks for nothing special. */
export function requestOf(fields: Partial<CanonicalRequest> = {}): CanonicalRequest {
  return {
    dialect: 'openai-chat',
    model: 'any',
    stream: false,
    includeUsage: false,
    system: [],
    turns: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
    tools: [],
    output: { kind: 'text' },
    extra: {},
    answer: {},
    ...fields,
  };
}

/** The defaults of a dialect, some of them overridden. */
export function contextOf(
  upstream: Dialect,
  overrides: ModelProfileOverrides = {},
  policy: ParameterPolicy = 'lenient',
): PrepareContext {
  return {
    upstream,
    profile: resolveModelProfile(upstream, overrides),
    origin: { dialect: upstream, modelGroup: 'group' },
    warnings: new Warnings(policy),
  };
}

/** The same object, which cannot be changed any more, nor anything within it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
