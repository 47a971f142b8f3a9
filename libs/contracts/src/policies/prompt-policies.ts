import { z } from 'zod';
import { definePolicy, JsonPathText } from './policy-definition.ts';

const Message = z.strictObject({
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content: z.string().max(65_536),
});
const decoration = z.strictObject({ decoration: z.union([z.string().max(65_536), z.array(Message).min(1).max(50)]) });

/** Documents hold it as JSON text; here it may also be written as it is. */
function jsonText<Schema extends z.ZodType>(schema: Schema) {
  return z.union([schema, z.string().max(262_144).transform(parseJson).pipe(schema)]);
}

function parseJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be JSON' });
    return z.NEVER;
  }
}

export const PromptDecorator = definePolicy({
  name: 'prompt-decorator',
  title: 'Prompt decorator',
  description: 'Puts text or messages in front of, or behind, what the caller says.',
  category: 'prompts',
  params: z.strictObject({
    promptDecoratorConfig: jsonText(decoration),
    jsonPath: JsonPathText.default('$.messages'),
    append: z.boolean().default(false),
  }),
});

const Templates = z
  .array(z.strictObject({ name: z.string().min(1).max(128), prompt: z.string().min(1).max(65_536) }))
  .min(1)
  .max(100);

export const PromptTemplate = definePolicy({
  name: 'prompt-template',
  title: 'Prompt template',
  description:
    'Puts a named template in place of `template://name?parameter=value` in a request; `[[parameter]]` is filled in.',
  category: 'prompts',
  params: z
    .strictObject({
      promptTemplateConfig: jsonText(Templates).optional(),
      templates: z
        .array(z.strictObject({ name: z.string().min(1).max(128), template: z.string().min(1).max(65_536) }))
        .min(1)
        .max(100)
        .optional(),
      onMissingTemplate: z.enum(['error', 'passthrough']).default('error'),
      onUnresolvedPlaceholder: z.enum(['keep', 'empty', 'error']).default('keep'),
    })
    .refine(({ templates, promptTemplateConfig }) => templates ?? promptTemplateConfig, {
      error: 'one of templates or promptTemplateConfig must be specified',
    }),
});

export const promptPolicies = [PromptDecorator, PromptTemplate] as const;
