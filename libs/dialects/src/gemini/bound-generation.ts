import { parseFaithfully } from '../json/parse-faithfully.ts';
import { splice } from '../json/splice.ts';
import type { RequestFacts } from '../openai-chat/scan-request.ts';
import { numberOf, objectOf } from './json-fields.ts';

/** Google's two spellings. */
const CONFIGS = ['generationConfig', 'generation_config'];

/**
 * A body of Gemini's own API whose answers have at most so many tokens each: a higher bound is lowered, a missing one is added to
 * the generation config. Everything else stays byte for byte, but for the spaces of that config.
 */
export function boundGeneration(body: Buffer, { members }: Pick<RequestFacts, 'members'>, tokens: number): Buffer {
  const member = members.find(({ key }) => CONFIGS.includes(key));
  if (!member) {
    const end = members.at(-1)?.end ?? 1;
    return splice(body, [{ start: end, end, text: `,"generationConfig":{"maxOutputTokens":${tokens}}` }]);
  }
  const config = objectOf(parseFaithfully(body.toString('utf8', member.start, member.end))) ?? {};
  const field = config['max_output_tokens'] === undefined ? 'maxOutputTokens' : 'max_output_tokens';
  const given = numberOf(config[field]);
  if (given !== undefined && given <= tokens) return body;
  const text = JSON.stringify({ ...config, [field]: tokens });
  return splice(body, [{ start: member.start, end: member.end, text }]);
}
