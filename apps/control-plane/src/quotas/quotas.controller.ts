import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { pageOf, Quota, QuotaManifest } from '@penstock/contracts';
import { resourceController } from '../resources/resource-controller.ts';
import { QuotasService } from './quotas.service.ts';

const Base = resourceController({
  kind: 'Quota',
  manifest: QuotaManifest,
  resource: Quota,
  page: pageOf('QuotaPage', Quota),
});

@ApiTags('quotas')
@Controller('quotas')
export class QuotasController extends Base {
  constructor(override readonly service: QuotasService) {
    super();
  }
}
