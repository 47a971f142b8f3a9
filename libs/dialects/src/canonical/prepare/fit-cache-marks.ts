import type { CacheMark, CanonicalPart } from '../canonical-part.ts';
import type { CanonicalRequest } from '../canonical-request.ts';
import type { PrepareContext } from '../prepare-context.ts';
import { callerName } from './caller-name.ts';
import { without } from './without.ts';

/** As many marks as Anthropic takes in one request. */
const MAX_MARKS = 4;

interface Marked {
  readonly cache?: CacheMark;
}

/**
 * Removes the marks for the cache where the model has none. They are hints, so that even a strict proxy only tells of it.
 * Elsewhere the last four are kept, none of them on reasoning, and what is to be kept for half an hour is kept for five minutes.
 */
export function fitCacheMarks(request: CanonicalRequest, { profile, warnings }: PrepareContext): CanonicalRequest {
  const passes = (profile.parameters.cacheMarks ?? 'pass') === 'pass';
  const count = marksOf(request).length;
  const most = passes ? MAX_MARKS : 0;
  if (count > most) warnings.note('dropped', callerName(request.dialect, 'cacheMarks'));
  let surplus = count - most;
  const fit = <T extends Marked>(marked: T): T => {
    if (marked.cache === undefined) return marked;
    surplus -= 1;
    return surplus >= 0 ? withoutMark(marked) : withKnownTtl(marked);
  };
  // In the order of the prompt, so that the marks that are dropped are the first ones.
  const tools = request.tools.map(fit);
  const system = request.system.map(fit);
  const turns = request.turns.map((turn) => ({ ...turn, parts: turn.parts.map((part) => fitPart(part, fit)) }));
  return { ...fitAutoCache(request, fit), tools, system, turns };
}

function fitPart(part: CanonicalPart, fit: <T extends Marked>(marked: T) => T): CanonicalPart {
  if (part.type === 'reasoning') return withoutMark(part);
  if (part.type !== 'tool-result') return fit(part);
  return fit({ ...part, parts: part.parts.map(fit) });
}

function fitAutoCache(request: CanonicalRequest, fit: <T extends Marked>(marked: T) => T): CanonicalRequest {
  const { autoCache } = request;
  if (autoCache === undefined) return request;
  const { cache } = fit<Marked>({ cache: autoCache });
  return { ...without(request, 'autoCache'), ...(cache && { autoCache: cache }) };
}

function marksOf({ tools, system, turns, autoCache }: CanonicalRequest): readonly CacheMark[] {
  const parts = turns.flatMap((turn) => turn.parts).filter(({ type }) => type !== 'reasoning');
  const inner = parts.flatMap((part) => (part.type === 'tool-result' ? part.parts : []));
  const marks = [...tools, ...system, ...parts, ...inner].map(({ cache }) => cache);
  return [...marks, autoCache].filter((mark) => mark !== undefined);
}

function withoutMark<T extends Marked>(marked: T): T {
  return marked.cache === undefined ? marked : (without(marked, 'cache') as T);
}

/** Anthropic and Bedrock sell five minutes, which each use renews, or an hour at a higher price. */
function withKnownTtl<T extends Marked>(marked: T): T {
  return marked.cache?.ttl === '30m' ? { ...marked, cache: { ttl: '5m' } } : marked;
}
