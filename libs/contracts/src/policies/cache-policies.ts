import { z } from 'zod';
import { definePolicy } from './policy-definition.ts';

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
  params: z.strictObject(common),
});

export const cachePolicies = [ResponseCache] as const;
