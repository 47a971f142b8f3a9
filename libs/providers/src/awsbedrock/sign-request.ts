import aws4 from 'aws4';
import type { UpstreamRequest } from '../provider-adapter.ts';

/** Access key, its secret, and the token of a temporary session. */
export interface AwsCredential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const CREDENTIAL = /^(?:[Bb]earer )?([A-Z0-9]{16,128}):([^:\s]+)(?::([^:\s]+))?$/;
const REGION = /(?:^|\.)bedrock(?:-runtime)?(?:-fips)?\.([a-z0-9-]+)\./;
const DEFAULT_REGION = 'us-east-1';

/**
 * Reads `ACCESS_KEY_ID:SECRET[:SESSION_TOKEN]`, also behind the `Bearer` that forms put before every credential of the
 * template; undefined for anything else, such as an API key.
 */
export function parseAwsCredential(value: string): AwsCredential | undefined {
  const [, accessKeyId, secretAccessKey, sessionToken] = CREDENTIAL.exec(value) ?? [];
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
}

/** The region that a host of Bedrock names; hosts that name none are taken for `us-east-1`. */
export function regionOfHost(host: string): string {
  return REGION.exec(host)?.[1] ?? DEFAULT_REGION;
}

/** The headers that sign a request (AWS Signature Version 4): name, value, name, value, ... */
export function signatureHeaders(request: UpstreamRequest, credential: AwsCredential, now: Date): string[] {
  const { host } = new URL(request.origin);
  const signed = aws4.sign(
    {
      service: 'bedrock',
      region: regionOfHost(host),
      host,
      method: request.method,
      path: request.path,
      headers: {
        'X-Amz-Date': now.toISOString().replaceAll(/[:-]|\.\d{3}/g, ''),
        ...(request.body && { 'Content-Type': 'application/json' }),
      },
      ...(request.body && { body: Buffer.from(request.body.buffer, request.body.byteOffset, request.body.byteLength) }),
    },
    credential,
  );
  const names = ['Authorization', 'X-Amz-Date', 'X-Amz-Security-Token'];
  return names.flatMap((name) => {
    const value = signed.headers?.[name];
    return typeof value === 'string' ? [name.toLowerCase(), value] : [];
  });
}
