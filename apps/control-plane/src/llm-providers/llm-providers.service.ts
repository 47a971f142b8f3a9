import { Inject, Injectable } from '@nestjs/common';
import { type LlmProvider, LlmProviderManifest, type LlmProviderSpec } from '@penstock/contracts';
import { type DerivedKeys, fingerprint, Redactor } from '@penstock/secrets';
import { AdminError, invalidField } from '../common/admin-error.ts';
import { KEYS } from '../config/config.module.ts';
import { attachQuotas, resolveQuotas } from '../resources/quota-attachments.ts';
import type { PreparedSpec, ResourceKind, WriteContext } from '../resources/resource-kind.ts';
import { ResourceService } from '../resources/resource-service.ts';
import { ResourceTools } from '../resources/resource-tools.ts';
import { placeColumns, requireFreeContext } from '../llm-proxies/free-context.ts';
import { requireSaneDurations } from '../llm-proxies/sane-durations.ts';
import { requireSoundPolicies } from '../llm-proxies/sound-policies.ts';
import { checkReferences } from '../secrets/check-references.ts';
import { checkPolicyReferences } from '../secrets/policy-references.ts';
import { UpstreamGuard } from '../upstream/upstream-guard.ts';
import { type ProviderRow, toAuditedLlmProvider, toLlmProvider } from './llm-provider.mapper.ts';
import { llmProvidersRepository, providerReferences } from './llm-providers.repository.ts';
import {
  type CredentialChange,
  decideCredential,
  isReferring,
  storeCredential,
  withoutSecret,
} from './provider-credential.ts';
import { providerQuotas } from './stored-provider-spec.ts';

/** What is particular to providers: the guarded URL, the sealed credential, the template. */
class LlmProviderKind implements ResourceKind<LlmProviderSpec, ProviderRow, LlmProvider> {
  readonly kind = 'LlmProvider';
  readonly manifest = LlmProviderManifest;
  readonly repository = llmProvidersRepository;
  readonly toDocument = toLlmProvider;
  readonly toAuditDocument = toAuditedLlmProvider;
  readonly references = providerReferences;

  constructor(
    private readonly keys: DerivedKeys,
    private readonly guard: UpstreamGuard,
    private readonly redactor: Redactor,
  ) {}

  async vet(spec: unknown): Promise<void> {
    const refusals = await Promise.all(
      urlsIn(spec).map(async ({ field, url }) => ({ field, message: await this.guard.refusal(url) })),
    );
    const errors = refusals.flatMap(({ field, message }) => (message === undefined ? [] : { field, message }));
    if (errors.length > 0) throw new AdminError('url_not_allowed', 'The upstream URL is not allowed.', { errors });
  }

  async prepare(spec: LlmProviderSpec, context: WriteContext<ProviderRow>): Promise<PreparedSpec> {
    const { transaction, actor, existing, now } = context;
    requireSaneTimeouts(spec);
    requireDistinctModels(spec);
    requireSoundPolicies(spec);
    await checkPolicyReferences(transaction, actor.organizationId, spec);
    await requireFreeContext(this.kind, spec, context);
    const template = await transaction.llmProviderTemplate.findFirst({
      where: { organizationId: actor.organizationId, name: spec.template },
      select: { id: true },
    });
    if (!template) throw invalidField('spec.template', `there is no LlmProviderTemplate named '${spec.template}'`);
    const quotas = await resolveQuotas(transaction, actor.organizationId, providerQuotas(spec));
    const credential = decideCredential(spec, existing);
    const secretNames = await this.#secretNames(credential, context);
    const attach = async ({ id }: { readonly id: string }): Promise<void> => {
      const owner = { organizationId: actor.organizationId, providerId: id };
      await attachQuotas(transaction, actor.organizationId, { providerId: id }, quotas);
      await storeCredential(transaction, credential, owner, { keys: this.keys, now, secretNames });
    };
    const changedSecrets = this.#changedSecrets(credential, existing);
    return {
      spec: withoutSecret(spec),
      columns: { templateId: template.id, ...placeColumns(spec) },
      attach,
      changedSecrets,
    };
  }

  /** Names of the secrets that a new credential refers to; one that stands for itself is kept out of the log. */
  async #secretNames(
    credential: CredentialChange,
    { transaction, actor }: WriteContext<ProviderRow>,
  ): Promise<readonly string[]> {
    if (credential.action !== 'replace') return [];
    const { value: text } = credential;
    if (!isReferring(text)) {
      this.redactor.register(text);
      return [];
    }
    return checkReferences(transaction, actor.organizationId, { field: 'spec.upstream.auth.value', text });
  }

  #changedSecrets(change: CredentialChange, existing: ProviderRow | undefined): readonly string[] {
    const stored = existing?.credential?.fingerprint;
    const next = change.action === 'replace' ? fingerprint(change.value, this.keys) : undefined;
    return change.action === 'keep' || stored === next ? [] : ['spec.upstream.auth.value'];
  }
}

/** The URLs in a spec or in a part of one, which no schema has checked yet; what is none is left to the schema. */
function urlsIn(spec: unknown): readonly { readonly field: string; readonly url: string }[] {
  const { upstream, upstreamDefinitions } = (spec ?? {}) as UncheckedUpstreams;
  const definitions = Array.isArray(upstreamDefinitions) ? upstreamDefinitions.slice(0, MAX_DEFINITIONS) : [];
  const servers = definitions.flatMap((definition: UncheckedDefinition, index) => {
    const upstreams = Array.isArray(definition?.upstreams) ? definition.upstreams.slice(0, MAX_SERVERS) : [];
    return upstreams.map((server: { readonly url?: unknown } | null, position) => {
      return { field: `spec.upstreamDefinitions[${index}].upstreams[${position}].url`, url: server?.url };
    });
  });
  const all = [{ field: 'spec.upstream.url', url: upstream?.url }, ...servers];
  return all.flatMap(({ field, url }) => (typeof url === 'string' && URL.canParse(url) ? { field, url } : []));
}

/** More of either the schema refuses; their names need not be looked up. */
const MAX_DEFINITIONS = 20;
const MAX_SERVERS = 20;

type UncheckedDefinition = { readonly upstreams?: unknown } | null;
interface UncheckedUpstreams {
  readonly upstream?: { readonly url?: unknown } | null;
  readonly upstreamDefinitions?: unknown;
}

function requireSaneTimeouts({ timeouts, resilience, upstreamDefinitions }: LlmProviderSpec): void {
  requireSaneDurations('spec.timeouts', timeouts);
  requireSaneDurations('spec.resilience', resilience);
  for (const [index, { timeout }] of upstreamDefinitions.entries()) {
    requireSaneDurations(`spec.upstreamDefinitions[${index}].timeout`, timeout);
  }
}

function requireDistinctModels(spec: LlmProviderSpec): void {
  const seen = new Set<string>();
  for (const [index, { id }] of (spec.models ?? []).entries()) {
    if (seen.has(id)) throw invalidField(`spec.models[${index}].id`, `'${id}' stands there twice`);
    seen.add(id);
  }
}

@Injectable()
export class LlmProvidersService extends ResourceService<LlmProviderSpec, ProviderRow, LlmProvider> {
  constructor(tools: ResourceTools, @Inject(KEYS) keys: DerivedKeys, guard: UpstreamGuard, redactor: Redactor) {
    super(new LlmProviderKind(keys, guard, redactor), tools);
  }
}
