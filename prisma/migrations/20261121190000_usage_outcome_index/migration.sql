-- Few requests fail: those that do are found without a look at the others, which have no entry. Prisma has no word for such an index.
CREATE INDEX "usage_event_outcome_idx" ON "usage_event" ("organization_id", "outcome", "occurred_at") WHERE "outcome" <> 'completed';
