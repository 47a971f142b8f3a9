import { bearerKey } from '../bearer-key.ts';
import { checkBody } from '../checked.ts';
import type { Handled, Vendor, VendorRequest } from '../vendor.ts';
import type { Violation } from '../violation.ts';
import { ConverseWriter } from './converse-writer.ts';
import { failAsBedrock, refuseAsBedrock } from './errors.ts';
import { readAsked } from './read-asked.ts';
import { checkConverse } from './rules.ts';
import { ConverseRequest } from './schema.ts';
import { type AwsCredentials, simulatedAwsCredentials, verifySignature } from './verify-signature.ts';

/** The Bedrock runtime: Converse and ConverseStream. */
export const bedrockVendor: Vendor = {
  name: 'bedrock',
  handle(request, key) {
    const [, encoded, method] = /^\/model\/([^/]+)\/(converse|converse-stream)$/.exec(request.path) ?? [];
    if (request.method !== 'POST' || encoded === undefined) return null;
    const model = decodeURIComponent(encoded);
    const refused = authenticate(request, key, model);
    if (refused) return refused;
    const { body, violations } = checkBody(ConverseRequest, request.body, checkConverse);
    if (!body) return { kind: 'invalid', model, violations };
    const writer = new ConverseWriter(method === 'converse-stream');
    return { kind: 'generate', asked: readAsked(body, model, request.rawBody.length), writer };
  },
  refuse: (violations) => refuseAsBedrock(violations),
  fail: (kind) => failAsBedrock(kind),
  headers: (id) => ({ 'x-amzn-requestid': `00000000-0000-4000-8000-${String(id).padStart(12, '0')}` }),
};

/** Null when the request comes with the bearer token or is signed with the credentials. */
function authenticate(request: VendorRequest, key: string | null, model: string): Handled | null {
  const token = bearerKey(request);
  if (token !== null) {
    return key === null || token === key ? null : { kind: 'refused', model, failure: failAsBedrock('auth') };
  }
  if (request.headers.authorization === undefined) {
    return invalid(model, 'Missing Authentication Token', 'MissingAuthenticationTokenException');
  }
  const verdict = verifySignature(request, credentialsOf(key));
  if (verdict === 'valid') return null;
  if (verdict === 'unknown-key') return { kind: 'refused', model, failure: failAsBedrock('auth') };
  return invalid(model, verdict.wrong, 'InvalidSignatureException');
}

function invalid(model: string, message: string, code: string): Handled {
  const violation: Violation = { path: ['authorization'], kind: 'credentials', message, code };
  return { kind: 'invalid', model, violations: [violation] };
}

/** `ACCESS_KEY_ID:SECRET`. */
function credentialsOf(key: string | null): AwsCredentials {
  const [accessKeyId, secretAccessKey] = key?.split(':') ?? [];
  return accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : simulatedAwsCredentials;
}
