import { LlmHeaderRouter } from '@penstock/contracts';
import { compileHeaderChoice } from '@penstock/routing';
import { policyFactory } from '../policy-factory.ts';
import { SELECTED_PROVIDER, targetsAt, usualTargets } from '../selected-provider.ts';

/** Chooses the provider by a request header. Names and values are compared without case; a choice of an earlier policy stays. */
export const llmHeaderRouter = policyFactory(LlmHeaderRouter, (params) => {
  const header = params.headerName.toLowerCase();
  const choose = compileHeaderChoice(params);
  return {
    name: LlmHeaderRouter.name,
    onHead({ context, metadata, upstreamHeaders }) {
      const provider = choose(context.request.headers[header]);
      // It is for this gateway; vendors have no use for it.
      upstreamHeaders.set(header, null);
      if (provider !== undefined && !metadata.get(SELECTED_PROVIDER)) metadata.set(SELECTED_PROVIDER, provider);
      return undefined;
    },
    onRoute({ metadata }, choice) {
      if (choice.decided) return;
      const provider = metadata.get(SELECTED_PROVIDER);
      choice.targets = provider ? targetsAt(choice, provider) : usualTargets(choice, choice.model);
    },
  };
});
