import { GatewayError, ReasoningEffort } from '@penstock/contracts';
import type { ReasoningRequest } from '../canonical/canonical-request.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { given } from './given.ts';
import { countOf, missing, objectOf, stringOf } from './read-fields.ts';

/** How hard Claude thinks when a caller lets it choose and says nothing of the effort. */
const DEFAULT_EFFORT: ReasoningEffort = 'high';

/** `thinking` and `output_config.effort` as one wish; undefined when the caller says nothing of either. */
export function decodeReasoning(body: JsonObject): ReasoningRequest | undefined {
  const effort = decodeEffort(objectOf(body['output_config'], 'output_config')?.['effort']);
  const thinking = objectOf(body['thinking'], 'thinking');
  if (thinking === undefined) return effort === undefined ? undefined : { effort };
  const display = decodeDisplay(thinking['display']);
  switch (thinking['type']) {
    case 'disabled':
      return { effort: 'none' };
    case 'adaptive':
    case 'between_tools':
      return { effort: effort ?? DEFAULT_EFFORT, ...display };
    case 'enabled': {
      const path = 'thinking.budget_tokens';
      const budget = countOf(thinking['budget_tokens'], path) ?? missing(path);
      return { budget, ...given('effort', effort), ...display };
    }
    default:
      throw new GatewayError(
        'invalid_request',
        "'thinking.type' must be 'enabled', 'adaptive', 'between_tools' or 'disabled'.",
        { param: 'thinking.type' },
      );
  }
}

function decodeEffort(value: Json | undefined): ReasoningEffort | undefined {
  const path = 'output_config.effort';
  const text = stringOf(value, path);
  if (text === undefined) return undefined;
  const effort = ReasoningEffort.safeParse(text);
  if (effort.success) return effort.data;
  throw new GatewayError('invalid_request', `'${path}' must be one of ${ReasoningEffort.options.join(', ')}.`, {
    param: path,
  });
}

function decodeDisplay(value: Json | undefined): Pick<ReasoningRequest, 'display'> {
  const display = stringOf(value, 'thinking.display');
  return display === 'summarized' || display === 'omitted' ? { display } : {};
}
