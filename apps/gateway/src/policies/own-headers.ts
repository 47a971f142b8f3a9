/** What the gateway itself writes and no policy may change: the connection's headers (RFC 9110 §7.6.1), framing, and the host. */
const OWN = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-request-id',
]);

export function isOwnHeader(name: string): boolean {
  return OWN.has(name.toLowerCase());
}
