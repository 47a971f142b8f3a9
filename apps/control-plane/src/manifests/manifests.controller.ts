import { Body, Controller, Get, Headers, HttpCode, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApplyQuery, ApplyResult, ExportQuery, ManifestList } from '@penstock/contracts';
import type { FastifyReply } from 'fastify';
import { stringify } from 'yaml';
import { RequireRole } from '../auth/roles.ts';
import { type Actor, CurrentActor } from '../common/actor.ts';
import { ManifestsService } from './manifests.service.ts';
import type { PlainManifest } from './plain-manifest.ts';

const APPLY_BODY = { description: 'One document, an array of them, or {items}; YAML with any number of documents.' };

@ApiTags('manifests')
@Controller('manifests')
export class ManifestsController {
  constructor(private readonly manifests: ManifestsService) {}

  @Post('apply')
  @HttpCode(200)
  @RequireRole('admin')
  @ApiOperation({
    summary: 'Writes many documents, all or none',
    description:
      'In any order; what stays the same is not written. `dryRun` tells what would change. `managedBy` marks the documents, and `prune` deletes those of this manager that are not among them.',
  })
  @ApiBody({ ...APPLY_BODY, schema: { $ref: '#/components/schemas/ManifestList' } })
  @ApiOkResponse({ standardSchema: ApplyResult })
  async apply(
    @CurrentActor() actor: Actor,
    @Query({ schema: ApplyQuery }) query: ApplyQuery,
    @Body() body: unknown,
  ): Promise<ApplyResult> {
    return this.manifests.apply(actor, body, query);
  }

  @Get('export')
  @RequireRole('viewer')
  @ApiOperation({
    summary: 'Documents as they can be applied again, without status and secrets',
    description: 'YAML of many documents; `{items}` for `accept: application/json`.',
  })
  @ApiOkResponse({ standardSchema: ManifestList })
  async export(
    @CurrentActor() actor: Actor,
    @Query({ schema: ExportQuery }) query: ExportQuery,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | { readonly items: readonly PlainManifest[] }> {
    const items = await this.manifests.export(actor, query);
    reply.header('vary', 'accept');
    if (accept !== undefined && /\bapplication\/json\b/.test(accept)) return { items };
    reply.header('content-type', 'application/yaml; charset=utf-8');
    return items.map((item) => stringify(item, { lineWidth: 0, aliasDuplicateObjects: false })).join('---\n');
  }
}
