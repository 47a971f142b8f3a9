import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AdminToken, CreateAdminToken, PageQuery, pageOf } from '@penstock/contracts';
import { z } from 'zod';
import { RequireRole } from '../auth/roles.ts';
import { type Actor, CurrentActor } from '../common/actor.ts';
import { AdminTokensService } from './admin-tokens.service.ts';

const TokenListQuery = PageQuery.pick({ limit: true, cursor: true });
const TokenId = z.uuid();

@ApiTags('admin-tokens')
@Controller('admin-tokens')
export class AdminTokensController {
  constructor(private readonly tokens: AdminTokensService) {}

  @Get()
  @RequireRole('admin')
  @ApiOkResponse({ standardSchema: pageOf('AdminTokenPage', AdminToken) })
  async list(
    @CurrentActor() actor: Actor,
    @Query({ schema: TokenListQuery }) query: z.output<typeof TokenListQuery>,
  ): Promise<unknown> {
    return this.tokens.list(actor, query);
  }

  @Post()
  @RequireRole('admin')
  @ApiOperation({ summary: 'Makes an admin token, shown once in `token`' })
  @ApiCreatedResponse({ standardSchema: AdminToken })
  async create(
    @CurrentActor() actor: Actor,
    @Body({ schema: CreateAdminToken }) body: z.output<typeof CreateAdminToken>,
  ): Promise<AdminToken> {
    return this.tokens.create(actor, body);
  }

  @Delete(':id')
  @HttpCode(204)
  @RequireRole('admin')
  @ApiNoContentResponse()
  async remove(@CurrentActor() actor: Actor, @Param('id', { schema: TokenId }) id: string): Promise<void> {
    await this.tokens.remove(actor, id);
  }
}
