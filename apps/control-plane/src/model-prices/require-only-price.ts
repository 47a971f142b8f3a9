import type { ModelPriceSpec } from '@penstock/contracts';
import { AdminError } from '../common/admin-error.ts';
import type { Transaction } from '../prisma/prisma.service.ts';

/** Whose price it would be. */
interface PriceToBe {
  readonly spec: ModelPriceSpec;
  readonly providerId: string;
  /** The row that is written over. */
  readonly existingId: string | undefined;
}

/** Of two prices that hold from the same time, nobody could tell which counts. Throws the 409 that names the other one. */
export async function requireOnlyPrice(transaction: Transaction, price: PriceToBe): Promise<void> {
  const { spec, providerId, existingId } = price;
  const rows = await transaction.modelPrice.findMany({
    where: {
      providerId,
      spec: { path: ['model'], equals: spec.model },
      ...(existingId !== undefined && { id: { not: existingId } }),
    },
    select: { name: true, spec: true },
  });
  const from = instantOf(spec);
  const other = rows.find((row) => instantOf(row.spec as ModelPriceSpec) === from);
  if (!other) return;
  const since = spec.effectiveFrom === undefined ? 'from the beginning' : `from ${spec.effectiveFrom}`;
  const message = `ModelPrice '${other.name}' already is the price of model '${spec.model}' of LlmProvider '${spec.provider}' ${since}.`;
  const field = 'spec.effectiveFrom';
  throw new AdminError('conflict', message, {
    errors: [{ field, message: `ModelPrice '${other.name}' has it already` }],
  });
}

/** However it is written; null for a price that always held. */
function instantOf({ effectiveFrom }: ModelPriceSpec): number | null {
  return effectiveFrom === undefined ? null : Date.parse(effectiveFrom);
}
