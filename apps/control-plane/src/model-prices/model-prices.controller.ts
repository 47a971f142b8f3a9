import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ModelPrice, ModelPriceManifest, pageOf } from '@penstock/contracts';
import { resourceController } from '../resources/resource-controller.ts';
import { ModelPricesService } from './model-prices.service.ts';

const Base = resourceController({
  kind: 'ModelPrice',
  manifest: ModelPriceManifest,
  resource: ModelPrice,
  page: pageOf('ModelPricePage', ModelPrice),
});

@ApiTags('model-prices')
@Controller('model-prices')
export class ModelPricesController extends Base {
  constructor(override readonly service: ModelPricesService) {
    super();
  }
}
