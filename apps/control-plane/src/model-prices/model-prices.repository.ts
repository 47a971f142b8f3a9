import type { ModelPrice } from '../prisma/generated/client.ts';
import type { ResourceDelegate } from '../resources/resource-row.ts';
import { ResourceRepository } from '../resources/resource-repository.ts';

export const modelPricesRepository = new ResourceRepository<ModelPrice>(
  (client) => client.modelPrice as unknown as ResourceDelegate<ModelPrice>,
);
