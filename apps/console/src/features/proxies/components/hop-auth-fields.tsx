import { SimpleGrid } from '@mantine/core';
import type { LlmProxy } from '@penstock/contracts';
import { useWatch } from 'react-hook-form';
import { SelectField } from '../../../components/fields/select-field.tsx';
import { SecretField, TextField } from '../../../components/fields/text-field.tsx';
import { storedFor } from './hop-draft.ts';
import type { ProxyFormParts } from './proxy-sections.tsx';

const TYPES = [
  { value: 'none', label: 'Nothing' },
  { value: 'api-key', label: 'API key' },
  { value: 'other', label: 'Other header' },
];

interface HopAuthFieldsProps extends ProxyFormParts {
  /** Where the provider stands in the form. */
  readonly path: 'spec.provider' | `spec.additionalProviders.${number}`;
  /** The saved proxy: it says what is stored. */
  readonly proxy: LlmProxy | undefined;
}

/** What the proxy shows to one of its providers. */
export function HopAuthFields({ form: { control }, path, proxy }: HopAuthFieldsProps) {
  const hop = useWatch({ control, name: path });
  const { type } = hop.auth;
  const shows = type === 'api-key' || type === 'other';
  const stored = storedFor(proxy, hop);
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <SelectField
          control={control}
          name={`${path}.auth.type`}
          label="Shown to it"
          description="What the provider’s own policies ask of callers."
          placeholder="Nothing"
          data={TYPES}
        />
        {shows && (
          <TextField
            control={control}
            name={`${path}.auth.header`}
            label="Header"
            description="The one that the provider looks at."
            placeholder="X-API-Key"
            code
            required={type === 'api-key'}
          />
        )}
      </SimpleGrid>
      {shows && (
        <SecretField
          control={control}
          name={`${path}.auth.value`}
          label="Value"
          description={stored ? keepHint(stored.secrets) : NEW_VALUE_HINT}
          required={type === 'api-key' && !stored}
        />
      )}
    </>
  );
}

const NEW_VALUE_HINT = 'Stored encrypted and never shown again. May have {{ secret "name" }} in it.';

function keepHint(secrets: readonly string[]): string {
  const from = secrets.length > 0 ? `, with the secret ${secrets.map((name) => `“${name}”`).join(' and ')}` : '';
  return `One is stored${from}. Leave empty to keep it.`;
}
