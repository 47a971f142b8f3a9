import { Inject, Injectable } from '@nestjs/common';
import type { LlmProviderSpec, LlmProviderTemplateSpec, ProviderTest, UpstreamAuth } from '@penstock/contracts';
import { type DerivedKeys, openCredential, SecretReferenceError } from '@penstock/secrets';
import { AdminError, invalidField } from '../common/admin-error.ts';
import type { Actor } from '../common/actor.ts';
import { KEYS } from '../config/config.module.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { checkReferences } from '../secrets/check-references.ts';
import { SecretResolver } from '../secrets/secret-resolver.ts';
import { guardedGet } from '../upstream/guarded-request.ts';
import { UpstreamGuard } from '../upstream/upstream-guard.ts';
import { describeFailure } from './describe-failure.ts';
import type { ProviderRow } from './llm-provider.mapper.ts';
import { llmProvidersRepository } from './llm-providers.repository.ts';
import { modelListRequest, readModelList } from './model-list-request.ts';
import { isReferring, staysWith, urlsOf } from './provider-credential.ts';

/** A provider that is not stored yet; `provider` names a stored one whose credential is used where no value is given. */
export interface ProviderDraft {
  readonly template: string;
  readonly upstream: {
    readonly url: string;
    readonly apiVersion?: string | undefined;
    readonly auth?: UpstreamAuth | undefined;
  };
  readonly provider?: string | undefined;
}

/** Tries providers out: is the address right, the credential good, and what models are there. */
@Injectable()
export class ProviderTestService {
  constructor(
    private readonly prisma: PrismaService,
    private readonly guard: UpstreamGuard,
    private readonly secrets: SecretResolver,
    @Inject(KEYS) private readonly keys: DerivedKeys,
  ) {}

  async test(actor: Actor, name: string): Promise<ProviderTest> {
    const row = await this.#stored(actor, name);
    const spec = row.spec as LlmProviderSpec;
    const [url = ''] = urlsOf(spec);
    return this.#run(actor, { template: spec.template, upstream: { ...spec.upstream, url }, provider: name }, row);
  }

  async testDraft(actor: Actor, draft: ProviderDraft): Promise<ProviderTest> {
    const row = draft.provider === undefined ? undefined : await this.#stored(actor, draft.provider);
    return this.#run(actor, draft, row);
  }

  /** The models that the provider lists itself. Throws the 503 with the reason when it does not answer. */
  async models(actor: Actor, name: string): Promise<readonly string[]> {
    const result = await this.test(actor, name);
    if (!result.ok) throw new AdminError('unavailable', result.reason ?? 'The provider does not answer.');
    return result.models;
  }

  async #run(actor: Actor, draft: ProviderDraft, stored: ProviderRow | undefined): Promise<ProviderTest> {
    const template = await this.#template(actor, draft.template);
    const value = await this.#resolved(actor, this.#credentialValue(draft, stored));
    const header = draft.upstream.auth?.header ?? template.spec.authHeader;
    const credential = value === undefined ? undefined : { header, value };
    const { url: baseUrl, apiVersion } = draft.upstream;
    const { url, headers } = modelListRequest({ url: baseUrl, apiVersion, template, credential });
    const startedAt = performance.now();
    const elapsedMs = (): number => Math.round(performance.now() - startedAt);
    try {
      const { status, body } = await guardedGet(url, headers, this.guard);
      return { ...readAnswer(status, body), status, durationMs: elapsedMs() };
    } catch (error) {
      return { ok: false, ...describeFailure(error), status: null, durationMs: elapsedMs(), models: [] };
    }
  }

  /** A stored credential never goes to another URL than its own. */
  #credentialValue(draft: ProviderDraft, stored: ProviderRow | undefined): string | undefined {
    const { auth, url } = draft.upstream;
    if (!auth || auth.type === 'none') return undefined;
    if (auth.value !== undefined) return auth.value;
    if (!stored?.credential) return undefined;
    if (!staysWith(stored.spec as LlmProviderSpec, [url])) {
      throw new AdminError('secret_required', 'Another URL needs the credential to be entered again.', {
        errors: [{ field: 'upstream.auth.value', message: 'is required when the URL changes' }],
      });
    }
    const { organizationId, id } = stored;
    return openCredential(stored.credential.sealedValue, this.keys, { organizationId, providerId: id });
  }

  /** The value as a gateway would send it. Throws the 400 that says which reference fails. */
  async #resolved(actor: Actor, value: string | undefined): Promise<string | undefined> {
    if (value === undefined || !isReferring(value)) return value;
    const field = 'upstream.auth.value';
    await checkReferences(this.prisma.client, actor.organizationId, { field, text: value });
    try {
      return await this.secrets.resolve(actor.organizationId, value);
    } catch (error) {
      if (error instanceof SecretReferenceError) throw invalidField(field, error.message);
      throw error;
    }
  }

  async #stored(actor: Actor, name: string): Promise<ProviderRow> {
    const row = await llmProvidersRepository.find(this.prisma.client, actor.organizationId, name);
    if (!row) throw new AdminError('not_found', `There is no LlmProvider named '${name}'.`);
    return row;
  }

  async #template(actor: Actor, name: string) {
    const { organizationId } = actor;
    const row = await this.prisma.client.llmProviderTemplate.findFirst({ where: { organizationId, name } });
    if (!row) throw invalidField('template', `there is no LlmProviderTemplate named '${name}'`);
    return { name: row.name, spec: row.spec as LlmProviderTemplateSpec };
  }
}

function readAnswer(status: number, body: string): Pick<ProviderTest, 'ok' | 'reason' | 'code' | 'models'> {
  if (status === 401 || status === 403) {
    return { ok: false, code: 'unauthorized', reason: 'The provider does not accept the credential.', models: [] };
  }
  const models = status === 200 ? readModelList(body) : undefined;
  if (models) return { ok: true, code: 'ok', reason: null, models: [...models] };
  const reason = `The provider answered ${status} without a list of models; is the URL right?`;
  return { ok: false, code: 'unexpected_answer', reason, models: [] };
}
