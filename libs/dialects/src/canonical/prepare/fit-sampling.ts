import type { CanonicalRequest } from '../canonical-request.ts';
import type { PrepareContext } from '../prepare-context.ts';
import { asksToThink } from './asks-to-think.ts';
import { callerName } from './caller-name.ts';
import { without } from './without.ts';

type SamplingParameter = 'temperature' | 'topP' | 'topK';

/** The first version of Anthropic's API that refuses every sampling parameter. Versions are dates and compare as text. */
const FIRST_VERSION_WITHOUT_SAMPLING = '2026-10-21';

/** Clamps the temperature and leaves out sampling parameters that exclude each other, or thinking. Runs after `fitReasoning`. */
export function fitSampling(request: CanonicalRequest, context: PrepareContext): CanonicalRequest {
  if (refusesSampling(request, context)) {
    return dropped(dropped(dropped(request, 'temperature', context), 'topP', context), 'topK', context);
  }
  const clamped = clampTemperature(request, context);
  const both = clamped.temperature !== undefined && clamped.topP !== undefined;
  return both && !context.profile.temperatureWithTopP ? dropped(clamped, 'topP', context) : clamped;
}

/** Claude samples in its own way while it thinks. */
function refusesSampling(request: CanonicalRequest, { upstream, profile }: PrepareContext): boolean {
  if (upstream !== 'anthropic' && upstream !== 'bedrock-converse') return false;
  return (
    asksToThink(request) || (upstream === 'anthropic' && profile.anthropicVersion >= FIRST_VERSION_WITHOUT_SAMPLING)
  );
}

function clampTemperature(request: CanonicalRequest, { profile, warnings }: PrepareContext): CanonicalRequest {
  if (request.temperature === undefined || request.temperature <= profile.maxTemperature) return request;
  warnings.add('clamped', callerName(request.dialect, 'temperature'));
  return { ...request, temperature: profile.maxTemperature };
}

/** 1 is what the model does by itself, so nobody needs to hear of its loss. */
function dropped(request: CanonicalRequest, parameter: SamplingParameter, context: PrepareContext): CanonicalRequest {
  if (request[parameter] === undefined) return request;
  const isDefault = parameter !== 'topK' && request[parameter] === 1;
  if (!isDefault) context.warnings.add('dropped', callerName(request.dialect, parameter));
  return without(request, parameter);
}
