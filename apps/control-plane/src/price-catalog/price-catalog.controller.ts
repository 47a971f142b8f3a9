import { Body, Controller, Delete, Get, Put, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CatalogModel, PriceCatalogStatus, pageOf, UnknownPriceModels, UnknownPricesQuery } from '@penstock/contracts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { RequireRole } from '../auth/roles.ts';
import { type Actor, CurrentActor } from '../common/actor.ts';
import { bodySha256 } from './catalog-uploads.ts';
import { CatalogModelQuery } from './page-of-models.ts';
import { PriceCatalogService } from './price-catalog.service.ts';

/** Validated by the service, which knows which of the two it is. */
const Upload = z.record(z.string(), z.unknown());

@ApiTags('price-catalog')
@Controller('price-catalog')
export class PriceCatalogController {
  constructor(private readonly catalog: PriceCatalogService) {}

  @Get()
  @RequireRole('viewer')
  @ApiOperation({ summary: 'Which list prices hold where no ModelPrice is set' })
  @ApiOkResponse({ standardSchema: PriceCatalogStatus })
  async status(@CurrentActor() actor: Actor): Promise<PriceCatalogStatus> {
    return this.catalog.status(actor);
  }

  @Get('models')
  @RequireRole('viewer')
  @ApiOperation({ summary: 'Lists the models of the price catalog' })
  @ApiOkResponse({ standardSchema: pageOf('CatalogModelPage', CatalogModel) })
  async models(
    @CurrentActor() actor: Actor,
    @Query({ schema: CatalogModelQuery }) query: CatalogModelQuery,
  ): Promise<unknown> {
    return this.catalog.models(actor, query);
  }

  @Get('unknown')
  @RequireRole('viewer')
  @ApiOperation({ summary: 'Models of which a request had no price, by quarters of an hour' })
  @ApiOkResponse({ standardSchema: UnknownPriceModels })
  async unknown(
    @CurrentActor() actor: Actor,
    @Query({ schema: UnknownPricesQuery }) query: UnknownPricesQuery,
  ): Promise<UnknownPriceModels> {
    return this.catalog.unknown(actor, query);
  }

  @Put()
  @RequireRole('admin')
  @ApiOperation({
    summary: 'Replaces the price catalog',
    description: "The body is a PriceCatalog, or LiteLLM's model_prices_and_context_window.json; 16 MiB at most.",
  })
  @ApiOkResponse({ standardSchema: PriceCatalogStatus })
  async upload(
    @CurrentActor() actor: Actor,
    @Body({ schema: Upload }) body: Record<string, unknown>,
    @Req() request: FastifyRequest,
  ): Promise<PriceCatalogStatus> {
    return this.catalog.upload(actor, body, bodySha256(request));
  }

  @Delete()
  @RequireRole('admin')
  @ApiOperation({ summary: 'Goes back to the price catalog of the release' })
  @ApiOkResponse({ standardSchema: PriceCatalogStatus })
  async reset(@CurrentActor() actor: Actor): Promise<PriceCatalogStatus> {
    return this.catalog.reset(actor);
  }
}
