import type { Dialect } from '../dialect.ts';
import type { SnapshotExtraction } from '../snapshot/config-snapshot.ts';
import type { ValueLocation } from './llm-provider-template.ts';
import type { MappedExtraction, TemplateExtraction } from './template-extraction.ts';
import type { z } from 'zod';

/** The fields of a template that say where tokens are counted. */
export const TOKEN_FIELDS = ['promptTokens', 'completionTokens', 'totalTokens'] as const;
export type TokenField = (typeof TOKEN_FIELDS)[number];

type Names = Readonly<Record<TokenField, string>>;

const CHAT: Names = {
  promptTokens: '$.usage.prompt_tokens',
  completionTokens: '$.usage.completion_tokens',
  totalTokens: '$.usage.total_tokens',
};
const RESPONSES: Names = {
  promptTokens: '$.usage.input_tokens',
  completionTokens: '$.usage.output_tokens',
  totalTokens: '$.usage.total_tokens',
};

const BY_DIALECT: Readonly<Record<Dialect, Names>> = {
  'openai-chat': CHAT,
  'openai-responses': RESPONSES,
  anthropic: { ...RESPONSES, totalTokens: '' },
  gemini: {
    promptTokens: '$.usageMetadata.promptTokenCount',
    completionTokens: '$.usageMetadata.candidatesTokenCount',
    totalTokens: '$.usageMetadata.totalTokenCount',
  },
  'bedrock-converse': {
    promptTokens: '$.usage.inputTokens',
    completionTokens: '$.usage.outputTokens',
    totalTokens: '$.usage.totalTokens',
  },
};

/** Whether a count stands where answers of the dialect have it: those are read anyway, with all that they say of caches and reasoning. */
export function isUsualPlace(
  dialect: Dialect,
  path: string,
  field: TokenField,
  { location, identifier }: z.infer<typeof ValueLocation>,
): boolean {
  const names = dialect === 'openai-chat' && path.endsWith('/responses') ? RESPONSES : BY_DIALECT[dialect];
  return location === 'payload' && identifier === names[field];
}

/** The token fields of a template, where any of them stands elsewhere than its dialect has it; undefined: none does. */
export function unusualTokens(template: MappedExtraction, dialect: Dialect): SnapshotExtraction | undefined {
  const { resourceMappings } = template;
  const resources = resourceMappings?.resources ?? [];
  const places = [{ resource: '', ...template }, ...resources];
  const isUnusual = places.some((place) =>
    TOKEN_FIELDS.some((field) => {
      const at = place[field];
      return at !== undefined && isReadable(at) && !isUsualPlace(dialect, place.resource, field, at);
    }),
  );
  if (!isUnusual) return undefined;
  const mapped = resources.map((mapping) => ({ resource: mapping.resource, ...tokensOf(mapping) }));
  return { ...tokensOf(template), ...(mapped.length > 0 && { resourceMappings: { resources: mapped } }) };
}

function tokensOf(place: TemplateExtraction): Pick<SnapshotExtraction, TokenField> {
  return Object.fromEntries(TOKEN_FIELDS.flatMap((field) => (place[field] ? [[field, place[field]]] : [])));
}

/** Answers have no query and no path. */
function isReadable({ location }: z.infer<typeof ValueLocation>): boolean {
  return location === 'payload' || location === 'header';
}
