import type { AnswerShapes } from './answer-shapes.ts';
import type { CallerName } from './caller.ts';
import type { Cell } from './cell.ts';

/** Where answers may differ from those of the vendor whose dialect it is. */
interface Latitude {
  /** Fields that the vendor's published types call optional. */
  readonly optional?: RegExp;
  /** Fields that they call nullable. */
  readonly nullable?: RegExp;
  /** Fields that gateways add by a custom of their own, or that the vendor has and its simulation lacks. */
  readonly added?: RegExp;
}

const messages: Latitude = {
  optional: /^ping|\.thinking_tokens$/,
  nullable: /\.(service_tier|inference_geo|output_tokens_details|cache_creation)$/,
  added: /\.container$/,
};

const latitudes: Readonly<Record<CallerName, Latitude>> = {
  chat: {
    optional:
      /\.(annotations|system_fingerprint|obfuscation|audio_tokens|(accepted|rejected)_prediction_tokens)$|\.delta\.refusal$/,
    added: /\.(reasoning_content|reasoning_details|extra_content)\b/,
  },
  responses: {
    optional: /\.(completed_at|obfuscation|verbosity)$|\.added\.item\.encrypted_content$/,
    nullable: /\.(service_tier|top_logprobs|temperature|top_p|encrypted_content)$/,
    added: /\.(prompt_cache_retention|cache_write_tokens)$|^response\.function_call_arguments\.done\.name$/,
  },
  messages,
  'messages-2023-06-01': messages,
  'generate-content': { optional: /TokensDetails/ },
  completions: { optional: /\.usage\.(prompt|completion)_tokens_details/ },
};

/**
 * Fields of translated answers that the vendor's own answers lack or have with another type, and those that are missing: clients
 * of typed languages fail on them, where official clients of JavaScript notice nothing.
 */
export async function oddFields(shapes: AnswerShapes, caller: CallerName, stream: boolean): Promise<readonly string[]> {
  // Fields that are new are told to older clients too, which skip what they do not know.
  const model: CallerName = caller === 'messages-2023-06-01' ? 'messages' : caller;
  const own = await shapes.of(stream, (cell) => isOf(cell, model) && cell.upstream.name === cell.caller.kin[0]);
  const translated = await shapes.of(
    stream,
    (cell) => isOf(cell, caller) && !cell.caller.kin.includes(cell.upstream.name),
  );
  if (own.size === 0 || translated.size === 0) return ['there is nothing to compare'];
  const { optional, nullable, added } = latitudes[caller];
  const missing = [...own.keys()].filter((path) => !translated.has(path) && !optional?.test(path));
  const odd = [...translated].flatMap(([path, types]) => {
    const known = own.get(path);
    if (!known) return added?.test(path) ? [] : [`${path} is unknown`];
    const isFine = (type: string): boolean => known.has(type) || (type === 'null' && nullable?.test(path) === true);
    return [...types]
      .filter((type) => !isFine(type))
      .map((type) => `${path} is ${type}, not ${[...known].join(' or ')}`);
  });
  return [...missing.map((path) => `${path} is missing`), ...odd];
}

const isOf = ({ caller }: Cell, name: CallerName): boolean => caller.name === name;
