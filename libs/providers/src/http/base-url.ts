export interface UpstreamBase {
  readonly origin: string;
  /** What stands before every path of the vendor's API; '' or begins with `/`, without a slash at its end. */
  readonly prefix: string;
}

/** Parsing a URL costs as much as scanning a request, so that is done once for each provider. */
const MAX_REMEMBERED = 1000;

/**
 * Reads the base URLs of one vendor. Admins write them with and without the version; `prefixOf` completes the path, which
 * it gets without a slash at its end ('' for a bare origin).
 */
export function baseUrlReader(prefixOf: (path: string) => string): (baseUrl: string) => UpstreamBase {
  const remembered = new Map<string, UpstreamBase>();
  return (baseUrl) => {
    const known = remembered.get(baseUrl);
    if (known) return known;
    const url = new URL(baseUrl);
    const base = { origin: url.origin, prefix: prefixOf(url.pathname.replace(/\/+$/, '')) };
    // Base URLs come from the config, so that more than this are those of providers that are gone.
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(baseUrl, base);
    return base;
  };
}

/** A bare origin gets the version; any other path stands as it is, since its version may be spelled in any way. */
export const versionOfBareOrigin =
  (version: string) =>
  (path: string): string =>
    path === '' ? `/${version}` : path;

const VERSION = /\/v\d+(?:(?:alpha|beta)\d*)?$/;

/** A path without a version at its end gets this one. */
export const versionUnlessPresent =
  (version: string) =>
  (path: string): string =>
    VERSION.test(path) ? path : `${path}/${version}`;
