import { ModelRouter } from '@penstock/contracts';
import { compileModelRules, targetAt } from '@penstock/routing';
import { policyFactory } from '../policy-factory.ts';
import { SELECTED_PROVIDER } from '../selected-provider.ts';

/** Chooses provider and model by the name of the model; the first rule that matches holds, and without one all stays as it is. */
export const modelRouter = policyFactory(ModelRouter, ({ rules }) => {
  const find = compileModelRules(rules);
  return {
    name: ModelRouter.name,
    onRoute({ metadata }, choice) {
      if (metadata.get(SELECTED_PROVIDER)) return;
      const rule = find(choice.model);
      if (!rule) return;
      metadata.set(SELECTED_PROVIDER, rule.provider);
      const provider = choice.routes.providersByAlias.get(rule.provider);
      const target = provider && targetAt(provider, rule.model ?? choice.model);
      choice.targets = target ? [target] : [];
      choice.decided = true;
    },
  };
});
