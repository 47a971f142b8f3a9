import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { BaseUrl, ProviderTest, ResourceName, UpstreamApiVersion, UpstreamAuth } from '@penstock/contracts';
import { z } from 'zod';
import { RequireRole } from '../auth/roles.ts';
import { type Actor, CurrentActor } from '../common/actor.ts';
import { listOf } from '../common/item-list.ts';
import { ProviderTestService } from './provider-test.service.ts';

const TestLlmProvider = z
  .strictObject({
    template: ResourceName,
    upstream: z.strictObject({
      url: BaseUrl,
      apiVersion: UpstreamApiVersion.optional(),
      auth: UpstreamAuth.optional(),
    }),
    /** A stored provider whose credential is used where no value is given and the URL is the same. */
    provider: ResourceName.optional(),
  })
  .meta({ id: 'TestLlmProvider' });

const ModelName = z.object({ id: z.string() });

@ApiTags('llm-providers')
@Controller('llm-providers')
export class ProviderTestController {
  constructor(private readonly tests: ProviderTestService) {}

  @Post('test')
  @HttpCode(200)
  @RequireRole('admin')
  @ApiOperation({ summary: 'Tries out an LlmProvider before it is stored' })
  @ApiOkResponse({ standardSchema: ProviderTest })
  async testDraft(
    @CurrentActor() actor: Actor,
    @Body({ schema: TestLlmProvider }) body: z.output<typeof TestLlmProvider>,
  ): Promise<ProviderTest> {
    return this.tests.testDraft(actor, body);
  }

  @Post(':name/test')
  @HttpCode(200)
  @RequireRole('admin')
  @ApiOperation({ summary: 'Tries out a stored LlmProvider' })
  @ApiOkResponse({ standardSchema: ProviderTest })
  async test(
    @CurrentActor() actor: Actor,
    @Param('name', { schema: ResourceName }) name: string,
  ): Promise<ProviderTest> {
    return this.tests.test(actor, name);
  }

  @Get(':name/models')
  @RequireRole('admin')
  @ApiOperation({ summary: 'The models that a provider lists itself' })
  @ApiOkResponse({ standardSchema: listOf('ProviderModelList', ModelName) })
  async models(
    @CurrentActor() actor: Actor,
    @Param('name', { schema: ResourceName }) name: string,
  ): Promise<{ items: { id: string }[] }> {
    const models = await this.tests.models(actor, name);
    return { items: models.map((id) => ({ id })) };
  }
}
