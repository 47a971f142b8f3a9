import { LlmProviderSpec, type SnapshotProvider } from '@penstock/contracts';
import { canonicalJson } from '../common/canonical-json.ts';
import { snapshotModels } from '../config-revisions/snapshot-models.ts';
import { snapshotTimeouts } from '../config-revisions/snapshot-timeouts.ts';
import { sameUrl } from '../llm-providers/provider-credential.ts';
import { quotaNames } from './quota-names.ts';

const MAX_DISPLAY_NAME = 100;

/**
 * The spec of a provider as it was then. What no snapshot holds (display name, version, access control) stays as it is now,
 * and so does how the credential is sent, as long as the address is the same; another address gets none.
 */
export function restoredProviderSpec(earlier: SnapshotProvider, now: LlmProviderSpec | undefined): LlmProviderSpec {
  const { models: _, ...base } = now ?? newSpec(earlier);
  const auth = now && sameUrl(now.upstream.url, earlier.baseUrl) ? now.upstream.auth : undefined;
  const models = restoredModels(earlier, now);
  return {
    ...base,
    template: earlier.template,
    upstream: { url: earlier.baseUrl, ...upstreamVersion(earlier), ...(auth && { auth }) },
    timeouts: restoredTimeouts(earlier, base),
    maxConnections: earlier.maxConnections,
    ...(models && { models }),
    quotas: quotaNames(earlier.limits),
    deploymentState: 'deployed',
  };
}

/** As they are written now where they mean the same; their quotas are those of then. */
function restoredModels({ models }: SnapshotProvider, now: LlmProviderSpec | undefined): LlmProviderSpec['models'] {
  if (!models) return undefined;
  const bare = models.map(({ limits: _, ...model }) => model);
  const same = now && canonicalJson(snapshotModels(now)) === canonicalJson(bare) ? now.models : undefined;
  return (same ?? bare).map((model, index) => ({ ...model, quotas: quotaNames(models[index]?.limits ?? []) }));
}

/** Revisions of earlier releases have no version. */
function upstreamVersion({ apiVersion }: SnapshotProvider): { apiVersion?: string } {
  return apiVersion ? { apiVersion } : {};
}

function newSpec({ name, template, baseUrl }: SnapshotProvider): LlmProviderSpec {
  return LlmProviderSpec.parse({
    displayName: name.slice(0, MAX_DISPLAY_NAME),
    template,
    upstream: { url: baseUrl },
  });
}

/** As they are written now where they mean the same. */
function restoredTimeouts({ timeouts }: SnapshotProvider, now: LlmProviderSpec): LlmProviderSpec['timeouts'] {
  if (canonicalJson(snapshotTimeouts(now)) === canonicalJson(timeouts)) return now.timeouts;
  return {
    connect: `${timeouts.connectMs}ms`,
    firstByte: `${timeouts.firstByteMs}ms`,
    idle: `${timeouts.idleMs}ms`,
    total: `${timeouts.totalMs}ms`,
  };
}
