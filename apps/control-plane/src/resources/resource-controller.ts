import { Body, Delete, Get, Headers, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
} from '@nestjs/swagger';
import { PageQuery, ResourceName } from '@penstock/contracts';
import { z } from 'zod';
import { RequireRole } from '../auth/roles.ts';
import { type Actor, CurrentActor } from '../common/actor.ts';
import type { Json } from '../common/merge-patch.ts';
import { Versioned } from '../common/versioned.ts';
import type { Manifest } from './resource-kind.ts';
import type { DocumentPage, ResourceService } from './resource-service.ts';

/** What the routes of a kind need to know about it. */
export interface ResourceRoutes<Spec, Document> {
  /** Singular, as the document says it. */
  readonly kind: string;
  readonly manifest: z.ZodType<Manifest<Spec>>;
  readonly resource: z.ZodType<Document>;
  readonly page: z.ZodType;
}

/** Nest takes every header parameter for required. */
export const IF_MATCH = {
  name: 'if-match',
  required: false,
  description: 'The `ETag` that was read: refused with 412 when the document was changed since.',
  schema: { type: 'string' },
} as const;

/** Body of a merge patch: any part of the document. */
export const MergePatch = z.record(z.string(), z.json()).meta({ id: 'MergePatch' });

interface Served<Spec, Document extends { readonly status: object }> {
  readonly service: Pick<
    // The routes do not care what a row looks like.
    ResourceService<Spec, never, Document>,
    'list' | 'get' | 'create' | 'replace' | 'patch' | 'remove'
  >;
}

/** The two routes that read; what writes extends it. */
function readController<Spec, Document extends { readonly status: object }>({
  kind,
  resource,
  page,
}: ResourceRoutes<Spec, Document>) {
  abstract class ReadController implements Served<Spec, Document> {
    abstract readonly service: Served<Spec, Document>['service'];

    @Get()
    @RequireRole('viewer')
    @ApiOperation({ summary: `Lists ${kind} documents` })
    @ApiOkResponse({ standardSchema: page })
    async list(
      @CurrentActor() actor: Actor,
      @Query({ schema: PageQuery }) query: PageQuery,
    ): Promise<DocumentPage<Document>> {
      return this.service.list(actor, query);
    }

    @Get(':name')
    @RequireRole('viewer')
    @ApiOperation({ summary: `Reads one ${kind}` })
    @ApiOkResponse({ standardSchema: resource })
    async get(
      @CurrentActor() actor: Actor,
      @Param('name', { schema: ResourceName }) name: string,
    ): Promise<Versioned<Document>> {
      return this.service.get(actor, name);
    }
  }
  return ReadController;
}

/** The six routes that every kind has; a kind's controller extends what this returns. */
export function resourceController<Spec, Document extends { readonly status: object }>(
  routes: ResourceRoutes<Spec, Document>,
) {
  const { kind, manifest, resource } = routes;
  abstract class ResourceController extends readController(routes) {
    @Post()
    @RequireRole('admin')
    @ApiOperation({ summary: `Creates a ${kind}` })
    @ApiCreatedResponse({ standardSchema: resource })
    async create(
      @CurrentActor() actor: Actor,
      @Body({ schema: manifest }) body: Manifest<Spec>,
    ): Promise<Versioned<Document>> {
      return this.service.create(actor, body);
    }

    @Put(':name')
    @RequireRole('admin')
    @ApiHeader(IF_MATCH)
    @ApiOperation({ summary: `Replaces a ${kind}` })
    @ApiOkResponse({ standardSchema: resource })
    async replace(
      @CurrentActor() actor: Actor,
      @Param('name', { schema: ResourceName }) name: string,
      @Body({ schema: manifest }) body: Manifest<Spec>,
      @Headers('if-match') ifMatch?: string,
    ): Promise<Versioned<Document>> {
      return this.service.replace(actor, name, body, ifMatch);
    }

    @Patch(':name')
    @RequireRole('admin')
    @ApiHeader(IF_MATCH)
    @ApiOperation({ summary: `Changes a ${kind} by a JSON merge patch` })
    @ApiBody({ schema: { $ref: '#/components/schemas/MergePatch' } })
    @ApiOkResponse({ standardSchema: resource })
    async patch(
      @CurrentActor() actor: Actor,
      @Param('name', { schema: ResourceName }) name: string,
      @Body({ schema: MergePatch }) body: Record<string, Json>,
      @Headers('if-match') ifMatch?: string,
    ): Promise<Versioned<Document>> {
      return this.service.patch(actor, name, body, ifMatch);
    }

    @Delete(':name')
    @HttpCode(204)
    @RequireRole('admin')
    @ApiHeader(IF_MATCH)
    @ApiOperation({ summary: `Deletes a ${kind} that nothing refers to` })
    @ApiNoContentResponse()
    async remove(
      @CurrentActor() actor: Actor,
      @Param('name', { schema: ResourceName }) name: string,
      @Headers('if-match') ifMatch?: string,
    ): Promise<void> {
      await this.service.remove(actor, name, ifMatch);
    }
  }
  return ResourceController;
}
