import { z } from 'zod';
import { definePolicy, JsonPathText } from './policy-definition.ts';

const common = {
  ttlSeconds: z.int().min(1).max(2_592_000).default(3_600),
  maxEntryBytes: z.int().min(1_024).max(16_777_216).default(1_048_576).describe('Larger answers are not kept.'),
  scope: z
    .enum(['key', 'team', 'organization'])
    .default('key')
    .describe('Who shares answers; never more than an organization.'),
};

export const ResponseCache = definePolicy({
  name: 'response-cache',
  aliases: ['exact-cache'],
  title: 'Exact cache',
  description: 'Answers a request that was answered before, byte for byte the same, from Redis.',
  category: 'cache',
  proxyOnly: true,
  params: z.strictObject(common),
});

export const SemanticCache = definePolicy({
  name: 'semantic-cache',
  title: 'Semantic cache',
  description:
    'Answers a request that means the same as one that was answered before, by the similarity of embeddings.',
  category: 'cache',
  proxyOnly: true,
  params: z.strictObject({
    similarityThreshold: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe('Least cosine of two texts that mean the same; 0.9 and more for most models.'),
    jsonPath: JsonPathText.default('$.messages[-1].content').describe(
      "The text that is compared; all else must be the same. '' compares the whole body.",
    ),
    streamingJsonPath: JsonPathText.default('$.choices[0].delta.content').describe(
      'Accepted; the texts of streams are found without it.',
    ),
    cacheUnauthenticated: z
      .boolean()
      .default(false)
      .describe('At a proxy without keys all callers share answers; otherwise none are kept there.'),
    embeddingProvider: z
      .string()
      .min(1)
      .max(253)
      .describe('The primary or an additionalProvider (as||id).')
      .meta({ 'x-suggestions': 'providers' }),
    embeddingModel: z.string().min(1).max(255).describe('A model of that provider.'),
    embeddingDimension: z.int().min(1).max(8_192).optional().describe('Vectors of another length are not used.'),
    vectorStoreProvider: z
      .literal('REDIS', { error: 'must be REDIS: vectors are kept in the Redis of the gateway' })
      .optional(),
    ttl: z.int().min(1).max(2_592_000).default(3_600).describe('Seconds.'),
    maxEntries: z.int().min(1).max(1_024).default(256).describe('So many of the newest are compared.'),
    maxEntryBytes: common.maxEntryBytes,
  }),
  providersIn: ({ embeddingProvider }) => [{ path: ['embeddingProvider'], name: embeddingProvider }],
});

export const cachePolicies = [ResponseCache, SemanticCache] as const;
