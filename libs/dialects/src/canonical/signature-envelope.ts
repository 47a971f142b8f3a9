import { Dialect } from '@penstock/contracts';
import type { Signature, SignatureOrigin } from './signature.ts';

/** The group of a signature that came bare from a caller: any model of its dialect may have made it. */
export const ANY_MODEL_GROUP = '*';

const PREFIX = 'gw1';
/** Longest group name that a profile can have. */
const MAX_GROUP_LENGTH = 128;

/** A signature as text that callers who know nothing of its vendor carry along: `gw1:<dialect>:<group>:<value>`, the last two in base64url. */
export function sealSignature(signature: Signature): string {
  const { dialect, modelGroup, value } = signature;
  return [PREFIX, dialect, encode(modelGroup), encode(value)].join(':');
}

/**
 * The signature in such an envelope; null when the text is something else: another vendor's bare signature, a damaged envelope,
 * or one within another, which only a forger makes.
 */
export function openSignature(text: string): Signature | null {
  const [prefix, dialect, group, value, ...rest] = text.split(':');
  if (prefix !== PREFIX || group === undefined || value === undefined || rest.length > 0) return null;
  const known = Dialect.safeParse(dialect);
  const modelGroup = decode(group);
  const inner = decode(value);
  if (!known.success || !modelGroup || modelGroup.length > MAX_GROUP_LENGTH || !inner) return null;
  return isEnvelope(inner) ? null : { dialect: known.data, modelGroup, value: inner };
}

/** Whether text claims to be an envelope, good or bad. Such text must never reach a vendor as its own signature. */
export function isEnvelope(text: string): boolean {
  return text.startsWith(`${PREFIX}:`);
}

/** Whether a signature means something to the models that will read it. */
export function isSignedFor(signature: Signature, reader: SignatureOrigin): boolean {
  const { dialect, modelGroup } = signature;
  return dialect === reader.dialect && (modelGroup === reader.modelGroup || modelGroup === ANY_MODEL_GROUP);
}

function encode(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}

/** Null for anything but base64url as `encode` writes it. */
function decode(text: string): string | null {
  const decoded = Buffer.from(text, 'base64url').toString('utf8');
  return encode(decoded) === text ? decoded : null;
}
