import { LlmProviderSpec, type SnapshotProvider } from '@penstock/contracts';
import { canonicalJson } from '../common/canonical-json.ts';
import { snapshotModels } from '../config-revisions/snapshot-models.ts';
import { snapshotUpstreams } from '../config-revisions/snapshot-providers.ts';
import { snapshotTimeouts } from '../config-revisions/snapshot-timeouts.ts';
import { staysWith } from '../llm-providers/provider-credential.ts';
import { quotaNames } from './quota-names.ts';
import { restoredPolicies } from './restored-policies.ts';

const MAX_DISPLAY_NAME = 100;

/** Under which name several servers of then come back. */
const RESTORED_UPSTREAMS = 'restored';

/**
 * The spec of a provider as it was then. What no snapshot holds (display name, version) stays as it is now, and so does how the
 * credential is sent, as long as no address is added; another address gets none. Access control stays where the snapshot has
 * none: snapshots of earlier releases never have, and a rollback must not open what is closed.
 */
export function restoredProviderSpec(earlier: SnapshotProvider, now: LlmProviderSpec | undefined): LlmProviderSpec {
  const { models: _, context: __, vhost: ___, resilience, ...base } = now ?? newSpec(earlier);
  const models = restoredModels(earlier, now);
  const upstreams = restoredUpstreams(earlier, now);
  return {
    ...base,
    template: earlier.template,
    ...upstreams,
    ...(earlier.context !== undefined && { context: earlier.context }),
    ...(earlier.vhost !== undefined && { vhost: earlier.vhost }),
    ...(earlier.accessControl && { accessControl: earlier.accessControl as LlmProviderSpec['accessControl'] }),
    ...restoredPolicies(earlier.policies ?? [], base),
    ...restoredTimeouts(earlier, { ...base, ...upstreams, resilience }),
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

/** As they are written now where they mean the same. */
function restoredUpstreams(
  earlier: SnapshotProvider,
  now: LlmProviderSpec | undefined,
): Pick<LlmProviderSpec, 'upstream' | 'upstreamDefinitions'> {
  const { baseUrl, upstreams, hostRewrite } = earlier;
  const urls = upstreams ? upstreams.map((server) => server.baseUrl) : [baseUrl];
  const auth = now && staysWith(now, urls) ? now.upstream.auth : undefined;
  const rest = { ...(hostRewrite && { hostRewrite }), ...upstreamVersion(earlier), ...(auth && { auth }) };
  const servers = now && snapshotUpstreams(now);
  const then = { baseUrl, ...(upstreams && { upstreams }) };
  if (now && canonicalJson({ ...servers, hostRewrite: undefined }) === canonicalJson(then)) {
    const { url, ref } = now.upstream;
    const place = url === undefined ? { ref } : { url };
    return { upstream: { ...place, ...rest }, upstreamDefinitions: now.upstreamDefinitions };
  }
  if (!upstreams) return { upstream: { url: baseUrl, ...rest }, upstreamDefinitions: [] };
  const definition = {
    name: RESTORED_UPSTREAMS,
    upstreams: upstreams.map(({ baseUrl: url, weight }) => ({ url, weight })),
  };
  return { upstream: { ref: RESTORED_UPSTREAMS, ...rest }, upstreamDefinitions: [definition] };
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
function restoredTimeouts(
  { timeouts }: SnapshotProvider,
  now: LlmProviderSpec,
): Pick<LlmProviderSpec, 'timeouts' | 'resilience'> {
  if (canonicalJson(snapshotTimeouts(now)) === canonicalJson(timeouts)) {
    return { timeouts: now.timeouts, ...(now.resilience && { resilience: now.resilience }) };
  }
  return {
    timeouts: {
      connect: `${timeouts.connectMs}ms`,
      firstByte: `${timeouts.firstByteMs}ms`,
      idle: `${timeouts.idleMs}ms`,
      total: `${timeouts.totalMs}ms`,
    },
  };
}
