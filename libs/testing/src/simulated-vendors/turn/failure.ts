/** Ways in which a vendor fails; a scenario `sim-error-<kind>` plays each. */
export const failureKinds = [
  'rate-limit',
  'quota',
  'overloaded',
  'server',
  'auth',
  'permission',
  'not-found',
  'context-length',
  'bad-request',
  'content-filter',
  'too-large',
  'timeout',
  'html',
] as const;
export type FailureKind = (typeof failureKinds)[number];

/** A vendor's refusal, ready to be sent. */
export interface Failure {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Text is sent as HTML, everything else as JSON. */
  readonly body: unknown;
}

/** What a proxy in front of a vendor answers when the vendor is away: no JSON at all. */
export const htmlFailure: Failure = {
  status: 502,
  headers: {},
  body: '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>cloudflare</center>\r\n</body>\r\n</html>\r\n',
};
