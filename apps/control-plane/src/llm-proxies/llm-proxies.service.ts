import { Inject, Injectable } from '@nestjs/common';
import { type LlmProxy, LlmProxyManifest, type LlmProxySpec } from '@penstock/contracts';
import { type DerivedKeys, Redactor } from '@penstock/secrets';
import { invalidField } from '../common/admin-error.ts';
import { KEYS } from '../config/config.module.ts';
import { attachQuotas, ownQuotas, resolveQuotas } from '../resources/quota-attachments.ts';
import type { PreparedSpec, ResourceKind, WriteContext } from '../resources/resource-kind.ts';
import { ResourceService } from '../resources/resource-service.ts';
import { ResourceTools } from '../resources/resource-tools.ts';
import { checkReferences } from '../secrets/check-references.ts';
import { checkPolicyReferences } from '../secrets/policy-references.ts';
import { placeColumns, requireFreeContext } from './free-context.ts';
import {
  changedHopSecrets,
  decideHopCredential,
  type HopCredentialChange,
  hopsOf,
  type SecretNames,
  storeHopCredentials,
  withoutHopSecrets,
} from './hop-credentials.ts';
import { llmProxiesRepository, providerIds, proxyReferences } from './llm-proxies.repository.ts';
import { type ProxyRow, toAuditedLlmProxy, toLlmProxy } from './llm-proxy.mapper.ts';
import { requireSaneDurations } from './sane-durations.ts';
import { requireSoundPolicies } from './sound-policies.ts';

/** What is particular to proxies: their context, their providers, and what they show these. */
class LlmProxyKind implements ResourceKind<LlmProxySpec, ProxyRow, LlmProxy> {
  readonly kind = 'LlmProxy';
  readonly manifest = LlmProxyManifest;
  readonly repository = llmProxiesRepository;
  readonly toDocument = toLlmProxy;
  readonly toAuditDocument = toAuditedLlmProxy;
  readonly references = proxyReferences;

  constructor(
    private readonly keys: DerivedKeys,
    private readonly redactor: Redactor,
  ) {}

  async prepare(spec: LlmProxySpec, context: WriteContext<ProxyRow>): Promise<PreparedSpec> {
    const { transaction, actor, existing, now } = context;
    const { organizationId } = actor;
    requireSaneDurations('spec.resilience', spec.resilience);
    requireSoundPolicies(spec);
    await checkPolicyReferences(transaction, organizationId, spec);
    await requireFreeContext(this.kind, spec, context);
    const hops = hopsOf(spec);
    const ids = await providerIds(transaction, organizationId, hops);
    const resolved = hops.map((hop, position) => {
      const providerId = ids.get(hop.name);
      if (providerId === undefined) throw invalidField(hop.field, `there is no LlmProvider named '${hop.name}'`);
      return { hop, row: { organizationId, position, providerId, alias: hop.alias } };
    });
    const changes = resolved.flatMap(({ hop, row }) => decideHopCredential(hop, row.providerId, existing) ?? []);
    const secretNames = await this.#secretNames(changes, context);
    const quotas = await resolveQuotas(transaction, organizationId, [ownQuotas(spec)]);
    const attach = async ({ id: proxyId }: { readonly id: string }): Promise<void> => {
      await attachQuotas(transaction, organizationId, { proxyId }, quotas);
      await transaction.llmProxyProvider.deleteMany({ where: { proxyId } });
      await transaction.llmProxyProvider.createMany({ data: resolved.map(({ row }) => ({ ...row, proxyId })) });
      const owner = { organizationId, proxyId };
      await storeHopCredentials(transaction, changes, owner, { keys: this.keys, now, secretNames });
    };
    const changedSecrets = changedHopSecrets(changes, existing, this.keys);
    return { spec: withoutHopSecrets(spec), columns: placeColumns(spec), attach, changedSecrets };
  }

  /** Of the secrets that new credentials refer to; those that stand for themselves are kept out of the log. */
  async #secretNames(
    changes: readonly HopCredentialChange[],
    { transaction, actor }: WriteContext<ProxyRow>,
  ): Promise<SecretNames> {
    const names = new Map<string, readonly string[]>();
    for (const { alias, field, value } of changes) {
      if (value === undefined) continue;
      if (!value.includes('{{')) this.redactor.register(value);
      else names.set(alias, await checkReferences(transaction, actor.organizationId, { field, text: value }));
    }
    return names;
  }
}

@Injectable()
export class LlmProxiesService extends ResourceService<LlmProxySpec, ProxyRow, LlmProxy> {
  constructor(tools: ResourceTools, @Inject(KEYS) keys: DerivedKeys, redactor: Redactor) {
    super(new LlmProxyKind(keys, redactor), tools);
  }
}
