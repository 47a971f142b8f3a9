import { GatewayError, ReasoningEffort } from '@penstock/contracts';
import type { OutputFormat, ReasoningRequest } from '../canonical/canonical-request.ts';
import { defined } from './defined.ts';
import { RequestFields } from './request-fields.ts';

/** `response_format`. A form that only one server knows is refused: without it the answer would be another one. */
export function decodeOutputFormat(body: RequestFields): OutputFormat {
  const format = body.fields('response_format');
  if (!format) return { kind: 'text' };
  const type = format.requiredString('type');
  if (type === 'text') return { kind: 'text' };
  if (type === 'json_object') return { kind: 'json' };
  if (type === 'json_schema')
    return decodeSchema(RequestFields.of(format.object.json_schema, format.pathOf('json_schema')));
  const param = format.pathOf('type');
  throw new GatewayError('unsupported_parameter', `'${param}' of '${type}' is not supported.`, { param });
}

function decodeSchema(definition: RequestFields): OutputFormat {
  return defined<OutputFormat & { kind: 'schema' }>({
    kind: 'schema',
    name: definition.string('name'),
    description: definition.string('description'),
    schema: definition.objectAt('schema') ?? {},
    strict: definition.boolean('strict'),
  });
}

/**
 * How hard the model is to think: OpenAI's `reasoning_effort`, the `reasoning` object of OpenRouter's callers, vLLM's
 * `thinking_token_budget` and `include_reasoning`.
 */
export function decodeReasoning(body: RequestFields): ReasoningRequest | undefined {
  const reasoning = body.fields('reasoning');
  const hidden = body.boolean('include_reasoning') === false || reasoning?.boolean('exclude') === true;
  const request = defined<ReasoningRequest>({
    effort: decodeEffort(body, 'reasoning_effort') ?? (reasoning && decodeEffort(reasoning, 'effort')),
    budget: body.integer('thinking_token_budget', 0) ?? reasoning?.integer('max_tokens', 1),
    display: hidden ? 'omitted' : undefined,
  });
  return Object.keys(request).length === 0 ? undefined : request;
}

function decodeEffort(holder: RequestFields, name: string): ReasoningEffort | undefined {
  const value = holder.string(name);
  if (value === undefined) return undefined;
  const effort = ReasoningEffort.safeParse(value);
  return effort.success ? effort.data : holder.refuse(name, `must be one of ${ReasoningEffort.options.join(', ')}`);
}
