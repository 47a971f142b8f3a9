import { LlmHeaderRouter } from '@penstock/contracts';
import { policyFactory } from '../policy-factory.ts';
import { SELECTED_PROVIDER, targetsAt, usualTargets } from '../selected-provider.ts';

/** Chooses the provider by a request header. Names and values are compared without case; a choice of an earlier policy stays. */
export const llmHeaderRouter = policyFactory(LlmHeaderRouter, ({ headerName, defaultProvider, mappings }) => {
  const header = headerName.toLowerCase();
  const providers = new Map(mappings.map(({ headerValue, provider }) => [headerValue.toLowerCase(), provider]));
  return {
    name: LlmHeaderRouter.name,
    onHead({ context, metadata, upstreamHeaders }) {
      const sent = context.request.headers[header];
      const value = (typeof sent === 'string' ? sent.split(',', 1)[0] : sent?.[0])?.trim().toLowerCase();
      const provider = (value && providers.get(value)) ?? defaultProvider;
      // It is for this gateway; vendors have no use for it.
      upstreamHeaders.set(header, null);
      if (provider !== undefined && provider !== '' && !metadata.get(SELECTED_PROVIDER)) {
        metadata.set(SELECTED_PROVIDER, provider);
      }
      return undefined;
    },
    onRoute({ metadata }, choice) {
      const provider = metadata.get(SELECTED_PROVIDER);
      choice.targets = provider ? targetsAt(choice, provider) : usualTargets(choice, choice.model);
    },
  };
});
