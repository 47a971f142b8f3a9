import type { SnapshotProxy } from '@penstock/contracts';
import type { CompileServices } from './compile-config.ts';
import type { HopCredential } from './compiled-config.ts';
import { headerValue } from './compile-providers.ts';
import type { ReferencedSecrets } from './referenced-secrets.ts';

/** What a proxy shows to its providers, opened; each for one provider alone. Throws with the reason why one cannot be opened. */
export function compileHops(
  { organizationId, providers }: SnapshotProxy,
  services: Pick<CompileServices, 'openCredential'>,
  secrets: ReferencedSecrets,
): ReadonlyMap<string, HopCredential> | null {
  const hops = providers.flatMap(({ providerId, alias, auth }): [string, HopCredential][] => {
    if (!auth) return [];
    const opened = services.openCredential(auth.sealedValue, { organizationId, providerId });
    return [[alias, { header: auth.header.toLowerCase(), value: headerValue(opened, organizationId, secrets) }]];
  });
  return hops.length === 0 ? null : new Map(hops);
}
