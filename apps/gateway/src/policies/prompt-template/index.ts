import { PromptTemplate } from '@penstock/contracts';
import { policyFactory } from '../policy-factory.ts';
import { messageTexts } from '../text/message-texts.ts';
import { promptError } from '../text/prompt-error.ts';
import { TemplateError, TemplateFiller } from './template-filler.ts';

/** Puts templates in place of what names them, in everything that a request says but what tools gave back. */
export const promptTemplate = policyFactory(PromptTemplate, (params) => {
  const { templates = [], promptTemplateConfig = [], ...rules } = params;
  const texts = new Map([
    ...promptTemplateConfig.map(({ name, prompt }) => [name, prompt] as const),
    ...templates.map(({ name, template }) => [name, template] as const),
  ]);
  return {
    name: PromptTemplate.name,
    onBody(call) {
      const filler = new TemplateFiller(texts, rules);
      try {
        for (const { text, speaker, replace } of messageTexts(call.json)) {
          const filled = speaker === 'tool' ? text : filler.fill(text);
          if (filled === text) continue;
          replace(filled);
          call.markChanged();
        }
      } catch (error) {
        if (error instanceof TemplateError) return promptError(400, 'PROMPT_TEMPLATE_ERROR', error.message);
        throw error;
      }
      return undefined;
    },
  };
});
