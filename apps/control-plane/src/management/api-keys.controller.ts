import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, UseInterceptors } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { type ApiKeyCreated, CreateApiKey, RegenerateApiKey, UpdateApiKey } from '@penstock/contracts';
import { RequireRole, TakesPasswords } from '../auth/roles.ts';
import { type Actor, CurrentActor } from '../common/actor.ts';
import { ApiKeysService } from './api-keys.service.ts';
import { FormatInterceptor } from './format.interceptor.ts';
import { requireName } from './management-controller.ts';

/** A regeneration needs no body. */
const OptionalRegeneration = RegenerateApiKey.optional();

const placeOf = (id: string, key: string) => ({
  proxyName: requireName('LLM proxy', id),
  name: requireName('API key', key),
});

/** API keys of proxies. Providers take no traffic of their own, so they have none. */
@ApiExcludeController()
@TakesPasswords()
@UseInterceptors(FormatInterceptor)
@Controller('api/management/v1/llm-proxies/:id/api-keys')
export class ApiKeysController {
  constructor(private readonly service: ApiKeysService) {}

  @Get()
  @RequireRole('viewer')
  async list(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<object> {
    const apiKeys = await this.service.list(actor, requireName('LLM proxy', id));
    return { status: 'success', totalCount: apiKeys.length, apiKeys };
  }

  @Post()
  @RequireRole('admin')
  async create(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body({ schema: CreateApiKey }) body: CreateApiKey,
  ): Promise<ApiKeyCreated> {
    return this.service.create(actor, requireName('LLM proxy', id), body);
  }

  @Post(':key/regenerate')
  @HttpCode(200)
  @RequireRole('admin')
  async regenerate(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Param('key') key: string,
    @Body({ schema: OptionalRegeneration }) body?: RegenerateApiKey,
  ): Promise<ApiKeyCreated> {
    return this.service.regenerate(actor, placeOf(id, key), body ?? {});
  }

  @Put(':key')
  @RequireRole('admin')
  async update(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Param('key') key: string,
    @Body({ schema: UpdateApiKey }) body: UpdateApiKey,
  ): Promise<ApiKeyCreated> {
    return this.service.update(actor, placeOf(id, key), body);
  }

  @Delete(':key')
  @RequireRole('admin')
  async revoke(@CurrentActor() actor: Actor, @Param('id') id: string, @Param('key') key: string): Promise<object> {
    await this.service.revoke(actor, placeOf(id, key));
    return { status: 'success', message: 'API key revoked successfully' };
  }
}
