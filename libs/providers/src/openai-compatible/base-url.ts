/**
 * Origin and path prefix of a base URL. Admins write it with and without the version:
 * a bare origin gets `/v1`, any other path stands as it is.
 */
export function splitBaseUrl(baseUrl: string): { readonly origin: string; readonly prefix: string } {
  const url = new URL(baseUrl);
  const path = url.pathname.replace(/\/+$/, '');
  return { origin: url.origin, prefix: path === '' ? '/v1' : path };
}
