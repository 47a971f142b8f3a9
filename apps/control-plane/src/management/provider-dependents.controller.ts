import { Controller, Get, Param, UseInterceptors } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { LlmProxy } from '@penstock/contracts';
import { RequireRole, TakesPasswords } from '../auth/roles.ts';
import { type Actor, CurrentActor } from '../common/actor.ts';
import { LlmProvidersService } from '../llm-providers/llm-providers.service.ts';
import { LlmProxiesService } from '../llm-proxies/llm-proxies.service.ts';
import { FormatInterceptor } from './format.interceptor.ts';
import { allDocuments, requireName } from './management-controller.ts';
import { toManagementDocument } from './management-document.ts';

/** The proxies that have a provider, as their primary or as an additional one: what keeps it from being deleted. */
@ApiExcludeController()
@TakesPasswords()
@UseInterceptors(FormatInterceptor)
@Controller('api/management/v1/llm-providers/:id/llm-proxies')
export class ProviderDependentsController {
  constructor(
    private readonly providers: LlmProvidersService,
    private readonly proxies: LlmProxiesService,
  ) {}

  @Get()
  @RequireRole('viewer')
  async list(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<object> {
    const { document: provider } = await this.providers.get(actor, requireName('LLM provider', id));
    const documents = await allDocuments(this.proxies, actor);
    const found = documents.filter((proxy) => providersOf(proxy).includes(provider.metadata.name));
    return {
      status: 'success',
      count: found.length,
      proxies: found.map((proxy) => toManagementDocument(proxy, true)),
    };
  }
}

function providersOf({ spec }: LlmProxy): readonly string[] {
  return [spec.provider, ...spec.additionalProviders].map(({ id }) => id);
}
