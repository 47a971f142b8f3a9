import { z } from 'zod';

/** Written by hand from the types of openai 7.55. */
export const CompletionsRequest = z.strictObject({
  model: z.string(),
  prompt: z.union([z.string(), z.array(z.string()).length(1, 'the simulation takes one prompt at a time')]),
  best_of: z.int().min(1).max(20).nullish(),
  echo: z.literal(false, 'the simulation does not echo').nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  logit_bias: z.record(z.string(), z.number()).nullish(),
  logprobs: z.null('the simulation has no logprobs').optional(),
  max_tokens: z.int().min(1).nullish(),
  n: z.literal(1, 'the simulation has one choice').nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  seed: z.int().nullish(),
  stop: z.union([z.string(), z.array(z.string()).min(1).max(4)]).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z
    .strictObject({ include_usage: z.boolean().optional(), include_obfuscation: z.boolean().optional() })
    .nullish(),
  suffix: z.string().nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  user: z.string().optional(),
});
export type CompletionsRequest = z.infer<typeof CompletionsRequest>;
