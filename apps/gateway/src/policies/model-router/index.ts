import { ModelRouter } from '@penstock/contracts';
import { targetAt } from '@penstock/routing';
import { policyFactory } from '../policy-factory.ts';
import { SELECTED_PROVIDER } from '../selected-provider.ts';

/** Chooses provider and model by the name of the model; the first rule that matches holds, and without one all stays as it is. */
export const modelRouter = policyFactory(ModelRouter, ({ rules }) => {
  const compiled = rules.map((rule) => ({ ...rule, matches: matcherOf(rule.match) }));
  return {
    name: ModelRouter.name,
    onRoute({ metadata }, choice) {
      if (metadata.get(SELECTED_PROVIDER)) return;
      const rule = compiled.find(({ matches }) => matches(choice.model));
      if (!rule) return;
      metadata.set(SELECTED_PROVIDER, rule.provider);
      const provider = choice.routes.providersByAlias.get(rule.provider);
      const target = provider && targetAt(provider, rule.model ?? choice.model);
      choice.targets = target ? [target] : [];
    },
  };
});

/** `*` stands for any text. Searched piece by piece, in linear time. */
function matcherOf(glob: string): (model: string) => boolean {
  const [first = '', ...rest] = glob.split('*');
  const last = rest.pop();
  if (last === undefined) return (model) => model === first;
  return (model) => {
    if (!model.startsWith(first)) return false;
    let at = first.length;
    for (const piece of rest) {
      const found = model.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return model.length - last.length >= at && model.endsWith(last);
  };
}
