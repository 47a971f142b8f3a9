import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { VendorRequest } from '../vendor.ts';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What is signed with when no other key was configured. */
export const simulatedAwsCredentials: AwsCredentials = {
  accessKeyId: 'AKIASIMULATED0000000',
  secretAccessKey: 'simulated+secret/access+key',
};

const SERVICE = 'bedrock';
const MAX_SKEW_MS = 5 * 60_000;
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

export type SignatureVerdict = 'valid' | 'unknown-key' | { readonly wrong: string };

/**
 * Computes AWS's Signature Version 4 of a request and compares. As for all services but S3, the path is signed encoded once
 * more than it was sent.
 */
export function verifySignature(request: VendorRequest, credentials: AwsCredentials): SignatureVerdict {
  const parsed = parseAuthorization(request);
  if (parsed === null) return { wrong: 'Authorization header is not in the format of Signature Version 4' };
  if (parsed.accessKeyId !== credentials.accessKeyId) return 'unknown-key';
  const date = String(request.headers['x-amz-date']);
  const fault = faultOf(parsed, date);
  if (fault !== null) return { wrong: fault };
  const { day, region, signedHeaders } = parsed;
  const canonical = canonicalRequest(request, signedHeaders);
  const toSign = ['AWS4-HMAC-SHA256', date, `${day}/${region}/${SERVICE}/aws4_request`, sha256(canonical)].join('\n');
  const secret = Buffer.from(`AWS4${credentials.secretAccessKey}`);
  const signingKey = [day, region, SERVICE, 'aws4_request'].reduce<Buffer>(hmac, secret);
  const expected = hmac(signingKey, toSign);
  if (timingSafeEqual(expected, Buffer.from(parsed.signature, 'hex'))) return 'valid';
  return {
    wrong: `The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. The Canonical String for this request should have been\n'${canonical}'`,
  };
}

interface SignedWith {
  readonly accessKeyId: string;
  /** YYYYMMDD. */
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

function parseAuthorization({ headers }: VendorRequest): SignedWith | null {
  const match = AUTHORIZATION.exec(headers.authorization ?? '');
  if (!match) return null;
  const [, accessKeyId, day, region, service, signedHeaders, signature] = match as unknown as string[];
  const all = { accessKeyId, day, region, service, signedHeaders: signedHeaders?.split(';'), signature };
  return all as SignedWith;
}

function faultOf({ service, signedHeaders, day }: SignedWith, date: string): string | null {
  if (service !== SERVICE) return `Credential should be scoped to correct service: '${SERVICE}'.`;
  const unsigned = ['host', 'x-amz-date'].find((needed) => !signedHeaders.includes(needed));
  if (unsigned !== undefined) return `'${unsigned}' must be a 'SignedHeader' in the AWS Authorization.`;
  return date.startsWith(day) && isRecent(date) ? null : `Signature expired or not yet current: ${date}`;
}

function canonicalRequest({ method, path, query, headers, rawBody }: VendorRequest, names: readonly string[]): string {
  const given = (name: string): string =>
    String(headers[name] ?? '')
      .trim()
      .replaceAll(/ +/g, ' ');
  const pairs = [...query].map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return [
    method,
    path.split('/').map(encode).join('/'),
    pairs.toSorted().join('&'),
    ...names.map((name) => `${name}:${given(name)}`),
    '',
    names.join(';'),
    headers['x-amz-content-sha256'] ?? sha256(rawBody),
  ].join('\n');
}

function isRecent(date: string): boolean {
  const iso = date.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/, '$1-$2-$3T$4:$5:$6Z');
  return Math.abs(Date.now() - Date.parse(iso)) < MAX_SKEW_MS;
}

/** RFC 3986: stricter than encodeURIComponent. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
