import { GatewayError, ReasoningEffort } from '@penstock/contracts';
import type { CanonicalRequest, OutputFormat, ReasoningRequest } from '../canonical/canonical-request.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { decodeSchema } from './decode-schema.ts';
import { objectAt, numberAt, stringAt, stringsAt } from './request-fields.ts';

const NUMBERS = {
  temperature: 'temperature',
  topP: 'topP',
  topK: 'topK',
  maxOutputTokens: 'maxOutputTokens',
  candidateCount: 'choices',
  presencePenalty: 'presencePenalty',
  frequencyPenalty: 'frequencyPenalty',
} as const;

/** Members that have a place in the canonical form. */
const KNOWN: ReadonlySet<string> = new Set([
  ...Object.keys(NUMBERS),
  'stopSequences',
  'seed',
  'responseLogprobs',
  'logprobs',
  'responseMimeType',
  'responseSchema',
  'responseJsonSchema',
  'thinkingConfig',
]);

type Settings = Pick<CanonicalRequest, 'output'> & Partial<CanonicalRequest>;

/** What `generationConfig` says in the canonical form, and what is left of it. */
export function decodeGenerationConfig(value: Json | undefined): { settings: Settings; rest: JsonObject } {
  const config = objectAt(value, 'generationConfig') ?? {};
  const stop = stringsAt(config['stopSequences'], 'generationConfig.stopSequences');
  const reasoning = decodeThinking(config['thinkingConfig']);
  const logprobs = decodeLogprobs(config);
  const { seed } = config;
  const settings: Settings = {
    ...decodeNumbers(config),
    ...(stop && { stop }),
    ...(seed !== undefined && seed !== null && { seed }),
    ...(logprobs !== undefined && { logprobs }),
    ...(reasoning && { reasoning }),
    output: decodeOutput(config),
  };
  return { settings, rest: Object.fromEntries(Object.entries(config).filter(([name]) => !KNOWN.has(name))) };
}

function decodeNumbers(config: JsonObject): Partial<CanonicalRequest> {
  const pairs = Object.entries(NUMBERS).map(([wire, name]) => [
    name,
    numberAt(config[wire], `generationConfig.${wire}`),
  ]);
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined)) as Partial<CanonicalRequest>;
}

function decodeLogprobs(config: JsonObject): number | undefined {
  if (config['responseLogprobs'] !== true) return undefined;
  return numberAt(config['logprobs'], 'generationConfig.logprobs') ?? 0;
}

function decodeOutput(config: JsonObject): OutputFormat {
  if (stringAt(config['responseMimeType'], 'generationConfig.responseMimeType') !== 'application/json')
    return { kind: 'text' };
  const { responseSchema, responseJsonSchema } = config;
  if (objectAt(responseJsonSchema, 'generationConfig.responseJsonSchema')) {
    return { kind: 'schema', schema: responseJsonSchema as JsonObject };
  }
  const isSchema = objectAt(responseSchema, 'generationConfig.responseSchema') !== undefined;
  return isSchema ? { kind: 'schema', schema: decodeSchema(responseSchema as JsonObject) } : { kind: 'json' };
}

/** A budget of 0 switches thinking off, one of -1 leaves it to the model. Thoughts are shown to those who ask only. */
function decodeThinking(value: Json | undefined): ReasoningRequest | undefined {
  const path = 'generationConfig.thinkingConfig';
  const config = objectAt(value, path);
  if (!config) return undefined;
  const budget = numberAt(config['thinkingBudget'], `${path}.thinkingBudget`);
  const effort = budget === 0 ? 'none' : decodeLevel(config['thinkingLevel'], `${path}.thinkingLevel`);
  return {
    ...(effort && { effort }),
    ...(budget !== undefined && budget > 0 && { budget }),
    display: config['includeThoughts'] === true ? 'summarized' : 'omitted',
  };
}

function decodeLevel(value: Json | undefined, path: string): ReasoningEffort | undefined {
  const level = stringAt(value, path)?.toLowerCase();
  if (level === undefined || level === 'thinking_level_unspecified') return undefined;
  const known = ReasoningEffort.safeParse(level);
  if (!known.success) throw new GatewayError('invalid_request', `'${level}' is no thinking level.`, { param: path });
  return known.data;
}
