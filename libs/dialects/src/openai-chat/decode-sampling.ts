import type { CanonicalRequest } from '../canonical/canonical-request.ts';
import type { Json } from '../canonical/json.ts';
import { defined } from './defined.ts';
import { numberOf } from './json-values.ts';
import { type RequestFields, wrongType } from './request-fields.ts';

type SamplingField =
  | 'temperature'
  | 'topP'
  | 'topK'
  | 'minP'
  | 'stop'
  | 'seed'
  | 'choices'
  | 'frequencyPenalty'
  | 'presencePenalty'
  | 'logitBias';

/** How an answer is drawn: the fields that chat and the old completions share. */
export function decodeSampling(body: RequestFields): Pick<CanonicalRequest, SamplingField> {
  return defined<Pick<CanonicalRequest, SamplingField>>({
    temperature: body.number('temperature'),
    topP: body.number('top_p'),
    topK: body.number('top_k'),
    minP: body.number('min_p'),
    stop: decodeStop(body),
    seed: decodeSeed(body),
    choices: body.integer('n', 1),
    frequencyPenalty: body.number('frequency_penalty'),
    presencePenalty: body.number('presence_penalty'),
    logitBias: body.objectAt('logit_bias'),
  });
}

function decodeStop(body: RequestFields): readonly string[] | undefined {
  const value = body.value('stop');
  if (value === null) return undefined;
  if (typeof value === 'string') return [value];
  return (body.array('stop') ?? []).map((stop, index) =>
    typeof stop === 'string' ? stop : wrongType(`stop[${index}]`, 'string', stop),
  );
}

/** Kept as it was written: a seed may be larger than JavaScript counts. */
function decodeSeed(body: RequestFields): Json | undefined {
  const value = body.value('seed');
  if (value === null) return undefined;
  return numberOf(value) === null ? wrongType('seed', 'integer', value) : value;
}
