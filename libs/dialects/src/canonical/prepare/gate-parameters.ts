import { GatewayError, type TunableParameter } from '@penstock/contracts';
import type { CanonicalRequest } from '../canonical-request.ts';
import type { PrepareContext } from '../prepare-context.ts';
import { callerName } from './caller-name.ts';
import { without } from './without.ts';

/** Marks stand on parts and have a step of their own. */
type GatedParameter = Exclude<TunableParameter, 'cacheMarks'>;

const GATED: readonly GatedParameter[] = [
  'temperature',
  'topP',
  'topK',
  'minP',
  'stop',
  'seed',
  'choices',
  'frequencyPenalty',
  'presencePenalty',
  'logitBias',
  'logprobs',
  'parallelToolCalls',
  'reasoning',
  'verbosity',
  'serviceTier',
  'metadata',
  'endUser',
  'promptCacheKey',
  'prediction',
  'audioOutput',
  'webSearch',
  'store',
];

/** Values that ask for what every model does anyway, so that leaving them out loses nothing. */
const NO_OPS: Partial<{ [K in GatedParameter]: (value: NonNullable<CanonicalRequest[K]>) => boolean }> = {
  temperature: (value) => value === 1,
  topP: (value) => value === 1,
  minP: (value) => value === 0,
  stop: (value) => value.length === 0,
  choices: (value) => value === 1,
  frequencyPenalty: (value) => value === 0,
  presencePenalty: (value) => value === 0,
  logitBias: (value) => Object.keys(value).length === 0,
  parallelToolCalls: (value) => value,
  reasoning: (value) => value.effort === 'none' || Object.keys(value).length === 0,
  verbosity: (value) => value === 'medium',
  serviceTier: (value) => value === 'auto' || value === 'default',
  metadata: (value) => Object.keys(value).length === 0,
  store: (value) => !value,
};

/**
 * Leaves out what the profile does not let pass: `drop` is reported (refused by a strict proxy), `refuse` throws
 * `unsupported_parameter`. A value that asks for nothing special is left out without a word.
 */
export function gateParameters(request: CanonicalRequest, context: PrepareContext): CanonicalRequest {
  return GATED.reduce((gated, parameter) => gate(gated, parameter, context), request);
}

function gate(request: CanonicalRequest, parameter: GatedParameter, context: PrepareContext): CanonicalRequest {
  const rule = context.profile.parameters[parameter] ?? 'pass';
  if (request[parameter] === undefined || rule === 'pass') return request;
  if (!isNoOp(request, parameter)) {
    const name = callerName(request.dialect, parameter);
    if (rule === 'refuse') throw refusalOf(name);
    context.warnings.add('dropped', name);
  }
  return without(request, parameter);
}

function isNoOp<K extends GatedParameter>(request: CanonicalRequest, parameter: K): boolean {
  const value = request[parameter];
  // Callers of the old functions did not ask for one call at a time: they know nothing else.
  if (parameter === 'parallelToolCalls' && request.answer.legacyFunctions === true) return true;
  return value == null || NO_OPS[parameter]?.(value) === true;
}

function refusalOf(name: string): GatewayError {
  const message = `'${name}' is not supported by the model that serves this request.`;
  return new GatewayError('unsupported_parameter', message, { param: name });
}
