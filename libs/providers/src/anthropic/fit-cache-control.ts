import type { ModelProfile } from '@penstock/contracts';
import type { Json, JsonObject, Warnings } from '@penstock/dialects';
import { isJsonObject } from '../chat-body/is-json-object.ts';

/** As many marks as Anthropic takes in one request. */
const MAX_MARKS = 4;

type Fit = (block: JsonObject) => JsonObject;

/**
 * The body with marks for the cache as the server takes them: none where it has no cache, else the last four, in their oldest
 * form where it knows no newer one, and none on empty text. They are hints, so that a loss is told but refuses nothing.
 */
export function fitCacheControl(body: JsonObject, profile: ModelProfile, warnings: Warnings): JsonObject {
  const passes = (profile.parameters.cacheMarks ?? 'pass') === 'pass';
  let count = 0;
  mapBlocks(body, (block) => {
    if (isMarked(block)) count += 1;
    return block;
  });
  let surplus = count - (passes ? MAX_MARKS : 0);
  if (surplus > 0) warnings.note('dropped', 'cache_control');
  return mapBlocks(body, (block) => {
    const { cache_control: mark, ...bare } = block;
    if (mark === undefined) return block;
    if (!isMarked(block)) return bare;
    surplus -= 1;
    if (surplus >= 0) return bare;
    return profile.unknownFields === 'drop' ? { ...bare, cache_control: { type: 'ephemeral' } } : block;
  });
}

/** Whether a block has a mark that counts. */
function isMarked({ cache_control: mark, type, text }: JsonObject): boolean {
  return isJsonObject(mark) && !(type === 'text' && text === '');
}

/** The body with every block replaced that may have a mark, in the order of the prompt. Inputs and schemas are the caller's own. */
function mapBlocks(body: JsonObject, fit: Fit): JsonObject {
  const tools = mapList(body['tools'], fit);
  const system = mapList(body['system'], fit);
  const messages = mapList(body['messages'], (message) =>
    withList(message, 'content', (block) => fit(withList(block, 'content', fit))),
  );
  const mapped: JsonObject = {
    ...body,
    ...(tools && { tools }),
    ...(system && { system }),
    ...(messages && { messages }),
  };
  // The body's own mark stands for the end of the prompt.
  return fit(mapped);
}

function withList(owner: JsonObject, name: string, fit: Fit): JsonObject {
  const list = mapList(owner[name], fit);
  return list ? { ...owner, [name]: list } : owner;
}

function mapList(value: Json | undefined, fit: Fit): readonly Json[] | undefined {
  return Array.isArray(value)
    ? (value as readonly Json[]).map((item) => (isJsonObject(item) ? fit(item) : item))
    : undefined;
}
