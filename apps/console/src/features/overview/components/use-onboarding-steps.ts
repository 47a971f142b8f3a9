import { useQuery } from '@tanstack/react-query';
import { providersQuery } from '../../providers/api/providers.ts';
import { proxiesQuery } from '../../proxies/api/proxies.ts';
import { usageSummaryQuery } from '../../usage/api/usage.ts';
import { virtualKeysQuery } from '../../virtual-keys/api/virtual-keys.ts';
import type { OnboardingStep } from './onboarding-checklist.tsx';

const COUNT = { limit: 1 } as const;

/** What stands and what is missing; undefined until everything is known. */
export function useOnboardingSteps(): OnboardingStep[] | undefined {
  const providers = useQuery(providersQuery(COUNT)).data;
  const proxies = useQuery(proxiesQuery(COUNT)).data;
  const keys = useQuery(virtualKeysQuery(COUNT)).data;
  const usage = useQuery(usageSummaryQuery({ range: { preset: '30d' } })).data;
  if (!providers || !proxies || !keys || !usage) return undefined;
  return [
    { label: 'Register a provider', done: providers.total > 0, to: '/providers/new', action: 'New provider' },
    {
      label: 'Compose a proxy, the address callers use',
      done: proxies.total > 0,
      to: '/proxies/new',
      action: 'New proxy',
    },
    { label: 'Issue a virtual key', done: keys.total > 0, to: '/virtual-keys?create=1', action: 'New virtual key' },
    { label: 'Send a first request', done: usage.total.requests > 0, to: '/virtual-keys', action: 'Show snippets' },
  ];
}
