interface UpstreamBase {
  readonly origin: string;
  readonly prefix: string;
}

/** Parsing a URL costs as much as scanning a request, so that is done once for each provider. */
const MAX_REMEMBERED = 1000;
const remembered = new Map<string, UpstreamBase>();

/**
 * Origin and path prefix of a base URL. Admins write it with and without the version:
 * a bare origin gets `/v1`, any other path stands as it is.
 */
export function splitBaseUrl(baseUrl: string): UpstreamBase {
  const known = remembered.get(baseUrl);
  if (known) return known;
  const url = new URL(baseUrl);
  const path = url.pathname.replace(/\/+$/, '');
  const base = { origin: url.origin, prefix: path === '' ? '/v1' : path };
  // Base URLs come from the config, so that more than this are those of providers that are gone.
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(baseUrl, base);
  return base;
}
