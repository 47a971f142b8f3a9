-- AlterTable
ALTER TABLE "usage_event" ADD COLUMN     "spared_limits" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- Few events name any: they are found without a look at the others, which have no entry. Prisma has no word for such an index.
CREATE INDEX "usage_event_spared_idx" ON "usage_event" ("organization_id", "occurred_at") WHERE cardinality("spared_limits") > 0;
