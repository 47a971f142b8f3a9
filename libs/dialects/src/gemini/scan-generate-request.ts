import { GatewayError } from '@penstock/contracts';
import { parseValue } from '../json/parse-value.ts';
import { type Member, scanObject } from '../json/scan-object.ts';
import type { RequestFacts } from '../openai-chat/scan-request.ts';

const BOUNDS = { maxDepth: 64, maxValues: 200_000 };

/** What a request to `generateContent` says in its path. */
export interface GeneratePath {
  readonly model: string;
  readonly stream: boolean;
}

/** Checks a body of Gemini's own API and reads what limits and metering need; the model stands in the path. Throws GatewayError. */
export function scanGenerateRequest(body: Buffer, { model, stream }: GeneratePath): RequestFacts {
  const members = scanObject(body, BOUNDS);
  if (!members.some(({ key }) => key === 'contents')) {
    throw new GatewayError('missing_required_parameter', "Missing required parameter: 'contents'.", {
      param: 'contents',
    });
  }
  const config = members.find(({ key }) => key === 'generationConfig' || key === 'generation_config');
  const settings = config ? objectAt(body, config) : {};
  return {
    model,
    stream,
    includeUsage: true,
    maxOutputTokens: countOf(settings['maxOutputTokens'] ?? settings['max_output_tokens']),
    choices: countOf(settings['candidateCount'] ?? settings['candidate_count']) ?? 1,
    members,
  };
}

function objectAt(body: Buffer, { start, end }: Member): Readonly<Record<string, unknown>> {
  const value: unknown = parseValue(body.toString('utf8', start, end));
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** What makes no sense is the upstream's to refuse. */
function countOf(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : null;
}
