import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ExplainRequest, ExplainResult } from '@penstock/contracts';
import { RequireRole } from '../auth/roles.ts';
import { type Actor, CurrentActor } from '../common/actor.ts';
import { ExplainService } from './explain.service.ts';

@ApiTags('config')
@Controller('config')
export class ExplainController {
  constructor(private readonly explanations: ExplainService) {}

  @Post('explain')
  @HttpCode(200)
  @RequireRole('viewer')
  @ApiOperation({
    summary: 'What gateways would do with a request',
    description:
      'Follows it through the config as it would be published now: proxy, key, policies, model, targets, limits and price. Nothing is sent, and nothing is taken from limits.',
  })
  @ApiOkResponse({ standardSchema: ExplainResult })
  async explain(
    @CurrentActor() actor: Actor,
    @Body({ schema: ExplainRequest }) request: ExplainRequest,
  ): Promise<ExplainResult> {
    return this.explanations.explain(actor, request);
  }
}
