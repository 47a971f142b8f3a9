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

/** An expression in CEL, at a place of parameters. */
export interface PolicyExpression {
  readonly path: readonly PropertyKey[];
  readonly expression: string;
  readonly type: 'string' | 'number';
}

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
  /** It decides over what comes before a provider, such as which one is asked: only a proxy can have it. */
  readonly proxyOnly?: boolean;
  /** Its parameters; the JSON Schema of consoles and docs comes from it. */
  readonly params: Params;
  /** The providers that parameters name, by which a proxy knows them, and where. */
  providersIn?(params: z.output<Params>): readonly { readonly path: readonly PropertyKey[]; readonly name: string }[];
  /** The regular expressions among parameters, and where. */
  patternsIn?(params: z.output<Params>): readonly { readonly path: readonly PropertyKey[]; readonly pattern: string }[];
  /** The public keys among parameters (PEM, or a JWKS), and where. */
  publicKeysIn?(params: z.output<Params>): readonly { readonly path: readonly PropertyKey[]; readonly keys: unknown }[];
  /** The expressions in CEL among parameters, what they have to come to, and where. */
  expressionsIn?(params: z.output<Params>): readonly PolicyExpression[];
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
