import { cleanUserTag } from '../../pipeline/user-tag.ts';
import type { HeadCall } from '../policy.ts';
import { claimAt, type Claims, claimText } from './claims.ts';

/** Who a token says that the caller is, as requests need it. */
export interface ProvenCaller {
  readonly user: string | null;
  /** What upstreams get: names in lower case, and values. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly issuer: string | null;
  readonly subject: string | null;
}

/** Longer values are left out: the upstream would refuse the request. */
const MAX_HEADER_LENGTH = 2_048;
const NOT_A_HEADER_VALUE = /[^\x20-\x7e]/;

export interface ClaimUses {
  readonly userIdClaim: string;
  /** Claims, and the headers that they become. */
  readonly claimMappings?: Readonly<Record<string, string>> | undefined;
}

export function provenCaller(claims: Claims, { userIdClaim, claimMappings = {} }: ClaimUses): ProvenCaller {
  const user = claimText(claimAt(claims, userIdClaim));
  return {
    user: user === null ? null : cleanUserTag(user),
    headers: Object.entries(claimMappings).flatMap(([claim, header]) => {
      const value = headerValue(claimText(claimAt(claims, claim)));
      return value === null ? [] : [[header.toLowerCase(), value] as const];
    }),
    issuer: typeof claims.iss === 'string' ? claims.iss : null,
    subject: typeof claims.sub === 'string' ? claims.sub : null,
  };
}

/** What a header cannot carry is percent-encoded. */
function headerValue(text: string | null): string | null {
  if (text === null) return null;
  const value = NOT_A_HEADER_VALUE.test(text) ? encodeURIComponent(text.toWellFormed()) : text.trim();
  return value === '' || value.length > MAX_HEADER_LENGTH ? null : value;
}

/** Tells the request, and the policies after this one, who the caller is. */
export function admitCaller(call: HeadCall, { user, headers, issuer, subject }: ProvenCaller): void {
  call.user = user ?? call.user;
  for (const [name, value] of headers) call.upstreamHeaders.set(name, value);
  call.metadata.set('auth.success', 'true');
  call.metadata.set('auth.method', 'jwt');
  if (issuer !== null) call.metadata.set('auth.issuer', issuer);
  if (subject !== null) call.metadata.set('auth.subject', subject);
}
