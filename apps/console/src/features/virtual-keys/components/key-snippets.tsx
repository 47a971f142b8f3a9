import { Tabs } from '@mantine/core';
import type { VirtualKey } from '@penstock/contracts';
import { useQuery } from '@tanstack/react-query';
import { CodeBlock } from '../../../components/code-block.tsx';
import { useGatewayUrl } from '../../../lib/gateway-url.ts';
import { proxiesQuery } from '../../proxies/api/proxies.ts';
import { SNIPPETS } from './snippets.ts';

interface KeySnippetsProps {
  readonly spec: VirtualKey['spec'];
  /** Absent once the secret is gone: the snippets name an environment variable then. */
  readonly secret?: string;
}

/** Ready code for this key, filled with the gateway's address and a model that the key may use. */
export function KeySnippets({ spec, secret = '$PENSTOCK_KEY' }: KeySnippetsProps) {
  const target = { ...useEndpoint(spec), key: secret };
  return (
    <Tabs defaultValue="curl" keepMounted={false}>
      <Tabs.List aria-label="Ready snippets" style={{ flexWrap: 'nowrap', overflowX: 'auto' }}>
        {SNIPPETS.map(({ id, label }) => (
          <Tabs.Tab key={id} value={id} px="sm">
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {SNIPPETS.map(({ id, label, hint, code }) => (
        <Tabs.Panel key={id} value={id} pt="sm">
          <CodeBlock code={code(target)} label={`${label} snippet`} hint={hint} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

/** Base URL and model for this key: of the first proxy that it may use, the root proxy before others. */
function useEndpoint(spec: VirtualKey['spec']): { readonly baseUrl: string; readonly model: string } {
  const gateway = useGatewayUrl();
  const proxies = useQuery(proxiesQuery({ limit: 500, sort: 'name' })).data?.items ?? [];
  const allowed = proxies.filter(({ metadata }) => spec.proxies.includes('*') || spec.proxies.includes(metadata.name));
  const proxy = allowed.find((candidate) => candidate.spec.context === '/') ?? allowed[0];
  const context = proxy?.spec.context ?? '/';
  const named = spec.models.find((model) => !model.includes('*'));
  return {
    baseUrl: `${gateway}${context === '/' ? '' : context}`,
    model: named ?? proxy?.spec.models[0]?.name ?? 'your-model',
  };
}
