import { z } from 'zod';

/** One policy that this release can run, as consoles and scripts get to know it. */
export const PolicyDescription = z
  .object({
    name: z.string(),
    /** Other names that documents may give it. */
    aliases: z.array(z.string()),
    title: z.string(),
    /** What it does, in a sentence or two; words between backticks are meant as they are written. */
    description: z.string(),
    category: z.enum(['access', 'routing', 'translation', 'limits', 'prompts', 'guardrails', 'cache', 'traffic']),
    /** Under which it may be attached. */
    versions: z.array(z.string()),
    /** JSON Schema 2020-12 of its parameters, as they are written. What several of them must be together only a save tells. */
    parameters: z.record(z.string(), z.json()),
    /** Its page, from the root of the repository. */
    docs: z.string(),
  })
  .meta({ id: 'PolicyDescription' });
export type PolicyDescription = z.infer<typeof PolicyDescription>;

/** Every policy, those of one category together. */
export const PolicyDescriptions = z.object({ items: z.array(PolicyDescription) }).meta({ id: 'PolicyDescriptions' });
export type PolicyDescriptions = z.infer<typeof PolicyDescriptions>;
