import { Body, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { type ApiKeyCreated, CreateApiKey, RegenerateApiKey, UpdateApiKey } from '@penstock/contracts';
import { RequireRole } from '../auth/roles.ts';
import { type Actor, CurrentActor } from '../common/actor.ts';
import type { ApiKeyPlace, ApiKeysService, ParentName } from './api-keys.service.ts';
import { type KeyParent, PARENT_NOUNS } from './key-parent.ts';
import { requireName } from './management-controller.ts';

/** A regeneration needs no body. */
const OptionalRegeneration = RegenerateApiKey.optional();

/** The routes of the API keys of one kind of parent; its controller extends what this returns. */
export function apiKeysController(kind: KeyParent['kind']) {
  const parentOf = (id: string): ParentName => ({ kind, name: requireName(PARENT_NOUNS[kind], id) });
  const placeOf = (id: string, key: string): ApiKeyPlace => ({
    parent: parentOf(id),
    name: requireName('API key', key),
  });

  abstract class ApiKeysController {
    abstract readonly service: ApiKeysService;

    @Get()
    @RequireRole('viewer')
    async list(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<object> {
      const apiKeys = await this.service.list(actor, parentOf(id));
      return { status: 'success', totalCount: apiKeys.length, apiKeys };
    }

    @Post()
    @RequireRole('admin')
    async create(
      @CurrentActor() actor: Actor,
      @Param('id') id: string,
      @Body({ schema: CreateApiKey }) body: CreateApiKey,
    ): Promise<ApiKeyCreated> {
      return this.service.create(actor, parentOf(id), body);
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
  return ApiKeysController;
}
