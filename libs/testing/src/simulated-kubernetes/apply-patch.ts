import { ApiStatus, badRequest } from './api-status.ts';

type Json = unknown;

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: Json;
}

/** What a patch makes of an object. `type`: the request's media type. */
export function applyPatch(object: Json, patch: Json, type: string): Json {
  switch (type) {
    case 'application/merge-patch+json':
    case 'application/strategic-merge-patch+json':
      return mergePatch(object, patch);
    case 'application/json-patch+json':
      return jsonPatch(object, patch);
    default: {
      const accepted = 'application/json-patch+json, application/merge-patch+json';
      const message = `the body of the request was in an unknown format - accepted media types include: ${accepted}`;
      throw new ApiStatus(415, 'UnsupportedMediaType', message);
    }
  }
}

/** RFC 7386. */
function mergePatch(object: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const merged: Record<string, Json> = { ...(isObject(object) ? object : {}) };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else merged[name] = mergePatch(merged[name], value);
  }
  return merged;
}

/** RFC 6902. */
function jsonPatch(object: Json, patch: Json): Json {
  if (!Array.isArray(patch)) throw badRequest('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  return (patch as readonly Operation[]).reduce(applyOperation, structuredClone(object));
}

function applyOperation(root: Json, { op, path, value, from = '' }: Operation): Json {
  const keys = keysOf(path);
  switch (op) {
    case 'add':
    case 'replace':
      if (op === 'replace') read(root, keys, path);
      return write(root, keys, { value: structuredClone(value), insert: op === 'add' });
    case 'remove':
      read(root, keys, path);
      return remove(root, keys);
    case 'test':
      if (JSON.stringify(read(root, keys, path)) === JSON.stringify(value)) return root;
      throw new ApiStatus(422, 'Invalid', 'the server rejected our request due to an error in our request');
    case 'move':
    case 'copy': {
      const moved = structuredClone(read(root, keysOf(from), from));
      const rest = op === 'move' ? remove(root, keysOf(from)) : root;
      return write(rest, keys, { value: moved, insert: true });
    }
    default:
      throw badRequest(`Unexpected kind: ${op}`);
  }
}

function keysOf(path: string): readonly string[] {
  return path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function read(root: Json, keys: readonly string[], path: string): Json {
  return keys.reduce((node, key) => {
    const next = isContainer(node) ? node[key] : undefined;
    if (next === undefined) throw new ApiStatus(422, 'Invalid', `the path ${path} does not exist in the object`);
    return next;
  }, root);
}

function write(
  root: Json,
  keys: readonly string[],
  { value, insert }: { readonly value: Json; readonly insert: boolean },
): Json {
  const last = keys.at(-1);
  if (last === undefined) return value;
  const parent = read(root, keys.slice(0, -1), keys.join('/'));
  if (Array.isArray(parent)) parent.splice(last === '-' ? parent.length : Number(last), insert ? 0 : 1, value);
  else if (isContainer(parent)) parent[last] = value;
  return root;
}

function remove(root: Json, keys: readonly string[]): Json {
  const last = keys.at(-1) ?? '';
  const parent = read(root, keys.slice(0, -1), keys.join('/'));
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (isContainer(parent)) delete parent[last];
  return root;
}

function isObject(value: Json): value is Readonly<Record<string, Json>> {
  return isContainer(value) && !Array.isArray(value);
}

function isContainer(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null;
}
