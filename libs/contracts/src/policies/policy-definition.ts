import { z } from 'zod';

/** What a policy is for; consoles and docs group by it. */
export type PolicyCategory =
  | 'access'
  | 'routing'
  | 'translation'
  | 'limits'
  | 'prompts'
  | 'guardrails'
  | 'cache'
  | 'traffic';

/** One kind of step that a proxy or a provider can have in its pipeline. */
export interface PolicyDefinition<Params extends z.ZodType = z.ZodType> {
  /** The name that is written. */
  readonly name: string;
  /** Other names that documents give it. */
  readonly aliases: readonly string[];
  readonly title: string;
  /** What it does, in a sentence or two. */
  readonly description: string;
  readonly category: PolicyCategory;
  /** Its parameters; the JSON Schema of consoles and docs comes from it. */
  readonly params: Params;
  /** The providers that parameters name, by which a proxy knows them, and where. */
  providersIn?(params: z.output<Params>): readonly { readonly path: readonly PropertyKey[]; readonly name: string }[];
  /** The regular expressions among parameters, and where. */
  patternsIn?(params: z.output<Params>): readonly { readonly path: readonly PropertyKey[]; readonly pattern: string }[];
}

/** Versions under which a policy may be attached: documents of before write v0. */
export const POLICY_VERSIONS: readonly string[] = ['v0', 'v1'];

export function definePolicy<Params extends z.ZodType>(
  definition: Omit<PolicyDefinition<Params>, 'aliases'> & { readonly aliases?: readonly string[] },
): PolicyDefinition<Params> {
  return { aliases: [], ...definition };
}

/** Where in a body: `$.messages[-1].content`, `$.choices[0].message.content`, `$.items[*].text`. */
export const JsonPathText = z
  .string()
  .max(256)
  .regex(
    /^(\$(\.[A-Za-z_][A-Za-z0-9_-]*|\[(-?\d{1,6}|\*|'[^'\]]{1,100}'|"[^"\]]{1,100}")\])*)?$/,
    "must be a path such as '$.messages[-1].content'",
  );

/** A regular expression as RE2 (Go) reads it; the control plane checks it when it is saved. */
export const RegularExpression = z.string().min(1).max(2_000);
