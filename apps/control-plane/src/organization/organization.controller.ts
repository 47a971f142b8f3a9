import { Body, Controller, Get, Headers, Patch, Put } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Organization, OrganizationManifest } from '@penstock/contracts';
import { RequireRole } from '../auth/roles.ts';
import { type Actor, CurrentActor } from '../common/actor.ts';
import type { Json } from '../common/merge-patch.ts';
import type { Versioned } from '../common/versioned.ts';
import { IF_MATCH, MergePatch } from '../resources/resource-controller.ts';
import { OrganizationService } from './organization.service.ts';

/** The actor's own organization: one document, which is neither created nor deleted. */
@ApiTags('organization')
@Controller('organization')
export class OrganizationController {
  constructor(private readonly service: OrganizationService) {}

  @Get()
  @RequireRole('viewer')
  @ApiOperation({ summary: 'Reads the Organization' })
  @ApiOkResponse({ standardSchema: Organization })
  async get(@CurrentActor() actor: Actor): Promise<Versioned<Organization>> {
    return this.service.get(actor);
  }

  @Put()
  @RequireRole('admin')
  @ApiHeader(IF_MATCH)
  @ApiOperation({ summary: 'Replaces the Organization; its name cannot change' })
  @ApiOkResponse({ standardSchema: Organization })
  async replace(
    @CurrentActor() actor: Actor,
    @Body({ schema: OrganizationManifest }) body: OrganizationManifest,
    @Headers('if-match') ifMatch?: string,
  ): Promise<Versioned<Organization>> {
    return this.service.replace(actor, body, ifMatch);
  }

  @Patch()
  @RequireRole('admin')
  @ApiHeader(IF_MATCH)
  @ApiOperation({ summary: 'Changes the Organization by a JSON merge patch' })
  @ApiBody({ schema: { $ref: '#/components/schemas/MergePatch' } })
  @ApiOkResponse({ standardSchema: Organization })
  async patch(
    @CurrentActor() actor: Actor,
    @Body({ schema: MergePatch }) body: Record<string, Json>,
    @Headers('if-match') ifMatch?: string,
  ): Promise<Versioned<Organization>> {
    return this.service.patch(actor, body, ifMatch);
  }
}
