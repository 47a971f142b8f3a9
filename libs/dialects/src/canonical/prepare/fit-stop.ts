import type { CanonicalRequest } from '../canonical-request.ts';
import type { PrepareContext } from '../prepare-context.ts';
import { callerName } from './caller-name.ts';
import { without } from './without.ts';

/** Keeps the stop sequences that the upstream takes: as many as it allows, for Claude's vendors none of mere whitespace. */
export function fitStop(request: CanonicalRequest, context: PrepareContext): CanonicalRequest {
  if (request.stop === undefined) return request;
  const { upstream, profile, warnings } = context;
  const refusesBlanks = upstream === 'anthropic' || upstream === 'bedrock-converse';
  const said = request.stop.filter((stop) => stop !== '');
  const taken = refusesBlanks ? said.filter((stop) => stop.trim() !== '') : said;
  if (taken.length < said.length) warnings.add('dropped', callerName(request.dialect, 'stop'));
  if (taken.length > profile.maxStops) warnings.add('clamped', callerName(request.dialect, 'stop'));
  const stop = taken.slice(0, profile.maxStops);
  return stop.length === 0 ? without(request, 'stop') : { ...request, stop };
}
