import type { Dialect } from '@penstock/contracts';
import type { CanonicalRequest } from '../canonical-request.ts';
import type { PrepareContext } from '../prepare-context.ts';
import { sha256Hex } from './sha256-hex.ts';

/** Longest name of an end user, in characters. */
const MAX_LENGTH: Partial<Record<Dialect, number>> = { 'openai-chat': 64, 'openai-responses': 64, anthropic: 256 };

/**
 * Replaces the name of an end user by its SHA-256 (64 hexadecimal digits) where it is too long, and where it looks like an
 * address of a person, which Anthropic asks not to be sent.
 */
export function fitEndUser(request: CanonicalRequest, { upstream }: PrepareContext): CanonicalRequest {
  const { endUser } = request;
  if (endUser === undefined) return request;
  const isTooLong = endUser.length > (MAX_LENGTH[upstream] ?? Number.POSITIVE_INFINITY);
  const isAddress = upstream === 'anthropic' && endUser.includes('@');
  if (!isTooLong && !isAddress) return request;
  return { ...request, endUser: sha256Hex(endUser) };
}
