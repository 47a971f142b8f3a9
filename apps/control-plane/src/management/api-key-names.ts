import { createHash, randomBytes } from 'node:crypto';
import type { KeyParent } from './key-parent.ts';

const MAX_HANDLE = 63;
const MAX_NAME = 253;

/** A name for a key that was given none: made of its display name where that is enough, and never the same twice. */
export function handleFor(displayName: string | undefined): string {
  const suffix = randomBytes(4).toString('hex');
  const words = (displayName ?? '').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const stem = words.slice(0, MAX_HANDLE - suffix.length - 1).replaceAll(/^-+|-+$/g, '');
  return `${stem === '' ? 'key' : stem}-${suffix}`;
}

/** The name of the virtual key that an API key is; a parent with a long name is told by its hash. Handles hold no dots. */
export function virtualKeyName({ kind, name: parentName }: Pick<KeyParent, 'kind' | 'name'>, handle: string): string {
  const end = kind === 'LlmProvider' ? `.provider.${handle}` : `.${handle}`;
  const name = `${parentName}${end}`;
  if (name.length <= MAX_NAME) return name;
  return `${createHash('sha256').update(parentName).digest('hex').slice(0, 32)}${end}`;
}
