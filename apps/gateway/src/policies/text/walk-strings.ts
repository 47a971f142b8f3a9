/** Stands for another value at a place; the key is the nearest name above it. */
export type StringMap = (text: string, key: string) => string;

/** What is no text: names, identifiers, signatures, media. */
const NO_TEXT = new Set(
  (
    'type role id model format name call_id tool_call_id tool_use_id signature encrypted_content thoughtSignature ' +
    'thought_signature media_type mimeType mime_type fileUri file_uri file_id file_data image_url file_url url detail ' +
    'status phase item_id'
  ).split(' '),
);
/** Base64, but for documents that are plain text. */
const BYTES = new Set(['data', 'bytes']);
const ARGUMENTS = new Set(['input', 'args', 'arguments', 'response', 'metadata']);

/**
 * Maps the texts of a part of a request in place: all strings but those that name, identify, sign, or are media. Within what a tool
 * is called with, or gives back as an object, every string is a text. Returns whether any changed.
 */
export function mapTexts(owner: object, key: string, map: StringMap): boolean {
  return mapMember(owner as Members, key, { key, isData: isData(owner as Members, key), map });
}

/** Maps every string within a value in place. */
export function mapStrings(owner: object, map: StringMap): boolean {
  let changed = false;
  for (const key of Object.keys(owner)) {
    if (mapMember(owner as Members, key, { key, isData: true, map })) changed = true;
  }
  return changed;
}

type Members = Record<string, unknown>;

interface Walk {
  readonly key: string;
  /** Every name is the caller's own. */
  readonly isData: boolean;
  readonly map: StringMap;
}

function mapMember(owner: Members, name: string, walk: Walk): boolean {
  const value = owner[name];
  if (typeof value === 'string') {
    const mapped = walk.map(value, walk.key);
    if (mapped === value) return false;
    owner[name] = mapped;
    return true;
  }
  // A number that is kept as its text is frozen.
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return false;
  let changed = false;
  for (const key of Object.keys(value)) {
    const inner = Array.isArray(value) ? walk : below(value as Members, key, walk);
    if (inner && mapMember(value as Members, key, inner)) changed = true;
  }
  return changed;
}

/** How a member is walked; null: it is no text. */
function below(owner: Members, key: string, walk: Walk): Walk | null {
  if (walk.isData) return { ...walk, key };
  if (NO_TEXT.has(key)) return null;
  if (BYTES.has(key) && owner.type !== 'text') return null;
  return { ...walk, key, isData: isData(owner, key) };
}

function isData(owner: Members, key: string): boolean {
  return ARGUMENTS.has(key) && typeof owner[key] === 'object' && !Array.isArray(owner[key]);
}
