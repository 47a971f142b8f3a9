import type { CallerName } from './caller.ts';
import type { FeatureName } from './feature.ts';
import type { Upstream } from './upstream.ts';

/** What a caller is told instead of an answer. */
export interface RefusalRecord {
  readonly status: number;
  readonly code: string;
}

/** The legacy Completions know texts alone. */
export function isOffered(caller: CallerName, feature: FeatureName): boolean {
  return caller !== 'completions' || feature === 'text' || feature === 'stream' || feature === 'errors';
}

/** What a pair cannot do, and how it says so; undefined for all that it can. */
export function documentedRefusal(
  _caller: CallerName,
  _upstream: Upstream,
  _feature: FeatureName,
): RefusalRecord | undefined {
  return undefined;
}
