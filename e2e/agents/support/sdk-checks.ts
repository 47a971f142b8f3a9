import { modelOf, type ProviderName, type SdkWorld } from '../../sdks/support/sdk-world.ts';

/** Providers with which the big SDKs are tried: one of each dialect. */
export const PROVIDERS: readonly ProviderName[] = ['lab', 'openai', 'claude', 'google'];

/** What the scripts read from their environment. */
export function checkEnvironment({ gateway, keys }: SdkWorld): Readonly<Record<string, string>> {
  return {
    PENSTOCK_URL: gateway.url,
    PENSTOCK_KEY: keys.full,
    SPENT_KEY: keys.spent,
    MODELS: JSON.stringify(Object.fromEntries(PROVIDERS.map((name) => [name, modelOf(name, '*')]))),
  };
}

/** The names of checks that are made of every surface with every provider. */
export function checkNames(surfaces: readonly string[], whats: readonly string[]): readonly string[] {
  return surfaces.flatMap((surface) =>
    PROVIDERS.flatMap((provider) => whats.map((what) => `${surface}, ${provider}: ${what}`)),
  );
}
