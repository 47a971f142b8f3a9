import { useWatch } from 'react-hook-form';
import { PolicyEditor } from '../../policies/components/policy-editor.tsx';
import { targetNames } from './proxy-draft.ts';
import type { ProxyFormParts } from './proxy-sections.tsx';

/** What the proxy does with requests and answers; its providers are suggested where a policy names one. */
export function ProxyPolicies({ form: { control } }: ProxyFormParts) {
  const [provider, additionalProviders] = useWatch({ control, name: ['spec.provider', 'spec.additionalProviders'] });
  return (
    <PolicyEditor
      control={control}
      at="spec."
      noun="proxy"
      suggestions={{ providers: targetNames({ provider, additionalProviders }) }}
    />
  );
}
