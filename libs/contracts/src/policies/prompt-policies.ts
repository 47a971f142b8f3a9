import { z } from 'zod';
import { jsonText } from './json-text.ts';
import { definePolicy, JsonPathText } from './policy-definition.ts';

const Message = z.strictObject({
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content: z.string().min(1).max(65_536),
});
const Text = z.string().max(65_536).regex(/\S/, 'must not be empty');
const Messages = z.array(Message).min(1).max(50);

/** Documents write `decoration`, or `text` or `messages`. */
const Decoration = z.union([
  z.strictObject({ decoration: z.union([Text, Messages]) }),
  z.strictObject({ text: Text }).transform(({ text }) => ({ decoration: text })),
  z.strictObject({ messages: Messages }).transform(({ messages }) => ({ decoration: messages })),
]);

export const PromptDecorator = definePolicy({
  name: 'prompt-decorator',
  title: 'Prompt decorator',
  description: 'Puts text or messages in front of, or behind, what the caller says.',
  category: 'prompts',
  params: z.strictObject({
    promptDecoratorConfig: jsonText(Decoration),
    jsonPath: JsonPathText.optional().describe(
      'Where it goes; the newest message for a text, and the conversation for messages, where it is left out.',
    ),
    append: z.boolean().default(false).describe('Behind what is there, not in front of it.'),
  }),
});

const TemplateName = z.string().regex(/^[A-Za-z0-9_-]{1,128}$/, 'must consist of letters, digits, - and _');
const TemplateText = z.string().min(1).max(65_536);
const Templates = z
  .array(z.strictObject({ name: TemplateName, prompt: TemplateText }))
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
        .array(z.strictObject({ name: TemplateName, template: TemplateText }))
        .min(1)
        .max(100)
        .optional(),
      jsonPath: JsonPathText.optional().describe(
        'Where templates are filled; in all that is said where it is left out.',
      ),
      onMissingTemplate: z.enum(['error', 'passthrough']).default('error'),
      onUnresolvedPlaceholder: z.enum(['keep', 'empty', 'error']).default('keep'),
    })
    .refine(({ templates, promptTemplateConfig }) => templates ?? promptTemplateConfig, {
      error: 'one of templates or promptTemplateConfig must be specified',
    }),
});

export const promptPolicies = [PromptDecorator, PromptTemplate] as const;
