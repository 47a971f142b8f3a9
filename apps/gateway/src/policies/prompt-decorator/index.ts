import { PromptDecorator } from '@penstock/contracts';
import { JsonPath } from '@penstock/policies';
import { policyFactory } from '../policy-factory.ts';
import { promptError } from '../text/prompt-error.ts';
import { decorateConversation } from './decorate-conversation.ts';
import { decoratePlace } from './decorate-place.ts';
import { decorateNewest } from './decorate-newest.ts';
import { type Decoration, UndecoratedError } from './decoration.ts';

/** What documents write for the conversation and for its newest message; they mean that in every dialect. */
const CONVERSATION = '$.messages';
const NEWEST = '$.messages[-1].content';

/** Puts text or messages in front of, or behind, what a request says. */
export const promptDecorator = policyFactory(PromptDecorator, ({ promptDecoratorConfig, jsonPath = '', append }) => {
  const decoration: Decoration = { ...promptDecoratorConfig, append };
  const path = jsonPath || (typeof decoration.decoration === 'string' ? NEWEST : CONVERSATION);
  const places = new JsonPath(path);
  return {
    name: PromptDecorator.name,
    onBody(call) {
      const { json, context } = call;
      try {
        if (path === CONVERSATION)
          decorateConversation(
            json,
            decoration,
            context.upstreamDialect ?? context.route?.endpoint.surface?.dialect ?? '',
          );
        else if (path === NEWEST) decorateNewest(json, decoration);
        else decoratePlace(places.places(json)[0], decoration);
      } catch (error) {
        if (error instanceof UndecoratedError) return promptError(500, 'PROMPT_DECORATOR_ERROR', error.message);
        throw error;
      }
      call.markChanged();
      return undefined;
    },
  };
});
