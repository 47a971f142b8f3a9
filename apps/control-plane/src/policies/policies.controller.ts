import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { PolicyDescriptions } from '@penstock/contracts';
import { RequireRole } from '../auth/roles.ts';
import { describePolicies } from './describe-policies.ts';

@ApiTags('policies')
@Controller('policies')
export class PoliciesController {
  /** Part of the release: made once. */
  readonly #catalogue: PolicyDescriptions = { items: [...describePolicies()] };

  @Get()
  @RequireRole('viewer')
  @ApiOperation({
    summary: 'Lists the policies that proxies can have',
    description: 'With a JSON Schema for the parameters of each, so that forms can be made of it.',
  })
  @ApiOkResponse({ standardSchema: PolicyDescriptions })
  list(): PolicyDescriptions {
    return this.#catalogue;
  }
}
