import { PromptTemplate } from '@penstock/contracts';
import type { JsonObject } from '@penstock/dialects';
import { JsonPath } from '@penstock/policies';
import { policyFactory } from '../policy-factory.ts';
import { messageTexts, newestTexts } from '../text/message-texts.ts';
import { promptError } from '../text/prompt-error.ts';
import { contentTexts, type TextPlace } from '../text/text-place.ts';
import { TemplateError, TemplateFiller } from './template-filler.ts';

/** The path that documents take for the newest message. */
const NEWEST = '$.messages[-1].content';

/** Puts templates in place of what names them, in everything that a request says but what tools gave back. */
export const promptTemplate = policyFactory(PromptTemplate, (params) => {
  const { templates = [], promptTemplateConfig = [], jsonPath = '', ...rules } = params;
  const texts = new Map([
    ...promptTemplateConfig.map(({ name, prompt }) => [name, prompt] as const),
    ...templates.map(({ name, template }) => [name, template] as const),
  ]);
  const textsOf = jsonPath === '' ? saidTexts : textsAt(jsonPath);
  return {
    name: PromptTemplate.name,
    onBody(call) {
      const filler = new TemplateFiller(texts, rules);
      try {
        for (const { text, replace } of textsOf(call.json)) {
          const filled = filler.fill(text);
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

type TextsOf = (body: JsonObject) => readonly TextPlace[];

const saidTexts: TextsOf = (body) => messageTexts(body).filter(({ speaker }) => speaker !== 'tool');

/** The texts at a path. The one that documents take for the newest message means that in every dialect. Throws TemplateError: nothing is there. */
function textsAt(jsonPath: string): TextsOf {
  const path = new JsonPath(jsonPath);
  return (body) => {
    const places = path.places(body).flatMap((place) => {
      const { value } = place;
      if (typeof value === 'string') return [{ text: value, replace: (text: string) => place.replace(text) }];
      return typeof value === 'object' && value !== null ? contentTexts({ value }, 'value') : [];
    });
    const found = places.length === 0 && jsonPath === NEWEST ? newestTexts(body) : places;
    if (found.length === 0) throw new TemplateError('Error extracting value from JSONPath');
    return found;
  };
}
