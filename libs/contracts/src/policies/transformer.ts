import { z } from 'zod';
import { checkParams } from './check-params.ts';
import { findPolicy } from './policy-catalogue.ts';
import { POLICY_VERSIONS } from './policy-definition.ts';

const requiredText = (message: string) =>
  z
    .string({ error: (issue) => (issue.input === undefined ? message : undefined) })
    .min(1, { error: message, abort: true });

/** The translation policy of one additional provider of a proxy; it runs when that provider was chosen. */
export const Transformer = z
  .strictObject({
    type: requiredText('Transformer type is required').max(100),
    version: requiredText('Transformer version is required').regex(/^v\d+$/, {
      error: 'Transformer version must be major-only (e.g. v1)',
      abort: true,
    }),
    params: z.record(z.string(), z.json()).default({}),
  })
  .meta({ id: 'Transformer' });
export type Transformer = z.infer<typeof Transformer>;

/** Checks what transformers are and take. Which provider they belong to is said by where they stand. */
export function checkTransformers(
  providers: readonly { readonly transformer?: Transformer | undefined }[],
  context: z.RefinementCtx,
): void {
  for (const [index, { transformer }] of providers.entries()) {
    if (!transformer) continue;
    const issue = (at: readonly PropertyKey[], message: string): void =>
      context.addIssue({ code: 'custom', path: ['additionalProviders', index, 'transformer', ...at], message });
    const definition = findPolicy(transformer.type);
    if (definition?.category !== 'translation') {
      issue(['type'], `unknown transformer '${transformer.type}'`);
      continue;
    }
    if (!POLICY_VERSIONS.includes(transformer.version)) {
      issue(['version'], `'${transformer.type}' has no version ${transformer.version}`);
    }
    const { issues } = checkParams(definition, transformer.params);
    for (const { path, message } of issues) issue(['params', ...path], message);
  }
}
