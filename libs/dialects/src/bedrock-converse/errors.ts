import { GatewayError } from '@penstock/contracts';
import type { FaultClass, UpstreamFault } from '../canonical/canonical-event.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { objectOf, textOf } from '../gemini/json-fields.ts';

/** AWS's exceptions, in lower case: streams name them `throttlingException`, answers `ThrottlingException`. */
const BY_EXCEPTION: Readonly<Record<string, FaultClass>> = {
  validationexception: 'bad-request',
  throttlingexception: 'rate-limit',
  toomanyrequestsexception: 'rate-limit',
  servicequotaexceededexception: 'quota',
  accessdeniedexception: 'permission',
  unrecognizedclientexception: 'authentication',
  invalidclienttokenid: 'authentication',
  invalidsignatureexception: 'authentication',
  signaturedoesnotmatch: 'authentication',
  incompletesignature: 'authentication',
  expiredtokenexception: 'authentication',
  missingauthenticationtokenexception: 'authentication',
  resourcenotfoundexception: 'not-found',
  modeltimeoutexception: 'timeout',
  modelnotreadyexception: 'overloaded',
  serviceunavailableexception: 'overloaded',
  conflictexception: 'conflict',
  internalserverexception: 'upstream',
  internalfailure: 'upstream',
  modelerrorexception: 'upstream',
  modelstreamerrorexception: 'upstream',
};

const BY_STATUS: Readonly<Record<number, FaultClass>> = {
  400: 'bad-request',
  401: 'authentication',
  402: 'quota',
  403: 'permission',
  404: 'not-found',
  408: 'timeout',
  409: 'conflict',
  413: 'too-large',
  422: 'bad-request',
  429: 'rate-limit',
  503: 'overloaded',
  504: 'timeout',
};

const TOO_LONG =
  /input is too long|prompt is too long|maximum context length|too many (?:input )?tokens|exceeds? the .*context/i;
const PER_DAY = /per day|daily/i;

/** Reads AWS's `{"message": ...}`; null when the body is none. Which exception it is stands in a header: see `readBedrockFault`. */
export function readFault(status: number, body: string): UpstreamFault | null {
  return readBedrockFault(status, body, null);
}

/** The same with the `x-amzn-errortype` header, such as `ThrottlingException:http://internal.amazon.com/...`. */
export function readBedrockFault(status: number, body: string, errorType: string | null): UpstreamFault | null {
  let value: Json;
  try {
    value = JSON.parse(body) as Json;
  } catch {
    // Not JSON, so not an error body that could be read.
    return null;
  }
  return faultOf(objectOf(value), status, errorType);
}

/** The same for a body that is parsed already. `status` is 200 for an exception within a stream. */
export function faultOf(body: JsonObject | undefined, status: number, errorType: string | null): UpstreamFault | null {
  if (!body) return null;
  const type = exceptionOf(errorType) ?? exceptionOf(textOf(body['__type']) ?? null);
  const message = messageOf(body);
  if (message === undefined && type === null) return null;
  const told = message ?? `The upstream reported ${type ?? 'an error'}.`;
  return { fault: faultClass(status, type, told), message: told, type, code: null, param: null };
}

/** Services of AWS do not agree on the case. */
function messageOf(body: JsonObject): string | undefined {
  return textOf(body['message']) ?? textOf(body['Message']) ?? textOf(body['originalMessage']);
}

/** An answer that is none, or that breaks off. */
export function upstreamFault(message: string): UpstreamFault {
  return { fault: 'upstream', message, type: null, code: null, param: null };
}

/** The exception's name without AWS's namespace before, and the address behind it. */
function exceptionOf(errorType: string | null): string | null {
  const name = errorType?.split(':', 1)[0]?.split('#').at(-1)?.trim();
  return name === undefined || name === '' ? null : name;
}

function faultClass(status: number, exception: string | null, message: string): FaultClass {
  const byName = BY_EXCEPTION[exception?.toLowerCase() ?? ''] ?? BY_STATUS[status];
  if (byName === 'bad-request' && TOO_LONG.test(message)) return 'context-length';
  if (byName === 'rate-limit' && PER_DAY.test(message)) return 'quota';
  return byName ?? (status > 400 && status < 500 ? 'bad-request' : 'upstream');
}

/** Body of an error answer in AWS's shape. No route speaks this dialect to callers; it is here for completeness. */
export function renderError(error: GatewayError, requestId: string): JsonObject {
  return { message: error.message, code: error.code, requestId };
}

/** Streams of this dialect are binary and go to no caller: always throws `not_found`. */
export function renderErrorFrame(): never {
  throw notServed();
}

/** What the client's half of the codec throws. */
export function notServed(): GatewayError {
  return new GatewayError('not_found', 'This gateway does not serve the Bedrock Converse API.');
}
