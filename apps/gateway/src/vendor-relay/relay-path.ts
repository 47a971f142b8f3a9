import { GatewayError } from '@penstock/contracts';

/** Where a relayed request goes, below a provider's base URL. */
export interface RelayPath {
  /** In the one form in which it is both judged and sent. */
  readonly path: string;
  /** With its `?`; '' where there is none. */
  readonly query: string;
}

/** No segment is empty, and nothing stands in it that some server reads as something else. */
const PATH = /^(?:\/(?:[A-Za-z0-9\-._~!$&'()*+,=:@]|%[0-9A-F]{2})+)+$/;
const DOTS = /\/\.{1,2}(?:\/|$)/;
/** Only what cannot stand as it is may be percent-encoded, and nothing that separates. */
const NEEDS_ENCODING = /^[ "<>[\]^`{|}]$/;
const QUERY = /^\?[\x21-\x22\x24-\x5b\x5d-\x7e]*$/;
const VERSION = /^\/v\d+(?:(?:alpha|beta)\d*)?(?=\/)/;
/** What the gateway serves itself, however vendors spell it: relayed, it would pass by everything that holds there. */
const OPERATIONS =
  /^(?:\/(?:chat\/)?completions|\/embeddings|\/responses|\/messages(?:\/count_tokens)?)$|\/deployments\/[^/]+\/(?:chat\/completions|completions|embeddings)$|:(?:stream)?generatecontent$|\/converse$/;

/**
 * Reads the target of a request to a provider's context. `prefix`: the context, '' for the root; `baseUrl`: a version at its end is not
 * repeated. Throws GatewayError: invalid_request for a path that is not in its normal form, since vendors may read such paths in other
 * ways than access control does, and not_found for an operation of the gateway under another name.
 */
export function relayPath(target: string, prefix: string, baseUrl: string): RelayPath {
  const mark = target.indexOf('?');
  const whole = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? '' : target.slice(mark);
  const below = whole.slice(prefix.length);
  if (!whole.startsWith(prefix) || !isNormal(below)) {
    throw new GatewayError('invalid_request', 'The path is not in its normal form.');
  }
  if (query !== '' && !QUERY.test(query))
    throw new GatewayError('invalid_request', 'The query holds a character that no URL has.');
  const path = withoutRepeatedVersion(below, baseUrl);
  if (isOperation(path)) throw new GatewayError('not_found', 'There is nothing at this path.');
  return { path, query: query === '?' ? '' : query };
}

function isNormal(path: string): boolean {
  if (!PATH.test(path) || DOTS.test(path)) return false;
  if (!path.includes('%')) return true;
  try {
    // What is not UTF-8, such as an overlong slash, throws.
    return path.split('/').every((segment) => isNormalSegment(segment, decodeURIComponent(segment)));
  } catch {
    return false;
  }
}

function isNormalSegment(segment: string, decoded: string): boolean {
  let again = '';
  for (const character of decoded) {
    const isPlain = (character.codePointAt(0) ?? 0) < 0x80 && !NEEDS_ENCODING.test(character);
    again += isPlain ? character : encodeURIComponent(character);
  }
  return again === segment;
}

function withoutRepeatedVersion(path: string, baseUrl: string): string {
  const version = VERSION.exec(path)?.[0];
  if (version === undefined) return path;
  const base = new URL(baseUrl).pathname.replace(/\/+$/, '');
  return base.endsWith(version) ? path.slice(version.length) : path;
}

/** Without regard to case, which some vendors have none for either. */
function isOperation(path: string): boolean {
  const bare = path
    .toLowerCase()
    .replace(/^\/openai(?=\/)/, '')
    .replace(VERSION, '');
  return OPERATIONS.test(bare);
}
