import { GatewayError } from '@penstock/contracts';
import { parseFaithfully } from '../json/parse-faithfully.ts';
import { type Member, scanObject } from '../json/scan-object.ts';
import { splice } from '../json/splice.ts';
import type { RequestFacts } from '../openai-chat/scan-request.ts';

const BOUNDS = { maxDepth: 64, maxValues: 200_000 };
const CONFIG = 'inferenceConfig';

/** Checks a body of Bedrock's `converse` and reads what limits and metering need; the model stands in the path. Throws GatewayError. */
export function scanConverseRequest(body: Buffer, model: string): RequestFacts {
  const members = scanObject(body, BOUNDS);
  if (!members.some(({ key }) => key === 'messages')) {
    throw new GatewayError('missing_required_parameter', "Missing required parameter: 'messages'.", {
      param: 'messages',
    });
  }
  const { maxTokens } = configOf(body, members);
  const isCount = Number.isSafeInteger(maxTokens) && (maxTokens as number) > 0;
  return {
    model,
    stream: false,
    includeUsage: true,
    // What makes no sense is the upstream's to refuse.
    maxOutputTokens: isCount ? (maxTokens as number) : null,
    choices: 1,
    members,
  };
}

/** A body whose answer has at most so many tokens. Everything else stays byte for byte, but for the spaces of that config. */
export function boundConverse(body: Buffer, { members }: Pick<RequestFacts, 'members'>, tokens: number): Buffer {
  const member = members.find(({ key }) => key === CONFIG);
  if (!member) {
    const end = members.at(-1)?.end ?? 1;
    return splice(body, [{ start: end, end, text: `,"${CONFIG}":{"maxTokens":${tokens}}` }]);
  }
  const config = configOf(body, members);
  if (typeof config.maxTokens === 'number' && config.maxTokens <= tokens) return body;
  return splice(body, [
    { start: member.start, end: member.end, text: JSON.stringify({ ...config, maxTokens: tokens }) },
  ]);
}

function configOf(body: Buffer, members: readonly Member[]): { readonly maxTokens?: unknown } {
  const member = members.find(({ key }) => key === CONFIG);
  if (!member) return {};
  const value: unknown = parseFaithfully(body.toString('utf8', member.start, member.end));
  return typeof value === 'object' && value !== null ? value : {};
}
