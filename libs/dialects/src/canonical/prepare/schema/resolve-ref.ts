import type { Json, JsonObject } from '../../json.ts';
import { isJsonObject } from './json-object.ts';

/** What a reference within a schema (`#`, `#/$defs/name`) points at; undefined when it is none of this document, or dangling. */
export function resolveRef(root: JsonObject, ref: string): JsonObject | undefined {
  if (!ref.startsWith('#')) return undefined;
  const steps = ref.slice(1).split('/').slice(1);
  let at: Json | undefined = root;
  for (const step of steps) {
    const name = unescape(step);
    if (Array.isArray(at)) at = (at as readonly Json[])[Number(name)];
    else at = isJsonObject(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  }
  return isJsonObject(at) ? at : undefined;
}

/** RFC 6901, in a fragment of a URI. */
function unescape(step: string): string {
  const pointer = step.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(pointer);
  } catch {
    return pointer;
  }
}
