-- AlterTable
ALTER TABLE "organization" ADD COLUMN     "annotations" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "labels" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "spec" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "quota_attachment" ADD COLUMN     "each_key" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "model_id" TEXT,
ADD COLUMN     "subject_organization_id" UUID;

-- AlterTable
ALTER TABLE "usage_event" ADD COLUMN     "audio_input_tokens" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "audio_output_tokens" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "cache_write_tokens" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "image_input_tokens" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "image_output_tokens" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "long_cache_write_tokens" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "model_id" TEXT,
ADD COLUMN     "user_tag" TEXT;

-- CreateTable
CREATE TABLE "uploaded_price_catalog" (
    "organization_id" UUID NOT NULL,
    "catalog" JSONB NOT NULL,
    "sha256" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_by" TEXT NOT NULL,

    CONSTRAINT "uploaded_price_catalog_pkey" PRIMARY KEY ("organization_id")
);

-- CreateTable
CREATE TABLE "alert_channel" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "labels" JSONB NOT NULL,
    "annotations" JSONB NOT NULL,
    "spec" JSONB NOT NULL,
    "sealed_secrets" TEXT,
    "target" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "alert_channel_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "occurrence" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "limit" JSONB,
    "fired_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "alert_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_delivery" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "alert_id" UUID NOT NULL,
    "alert_channel_id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "next_attempt_at" TIMESTAMPTZ(3),
    "delivered_at" TIMESTAMPTZ(3),

    CONSTRAINT "alert_delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reconciliation_run" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "checked_at" TIMESTAMPTZ(3) NOT NULL,
    "consistent" BOOLEAN NOT NULL,
    "result" JSONB NOT NULL,

    CONSTRAINT "reconciliation_run_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "alert_channel_organization_id_name_key" ON "alert_channel"("organization_id", "name");

-- CreateIndex
CREATE INDEX "alert_organization_id_fired_at_idx" ON "alert"("organization_id", "fired_at");

-- CreateIndex
CREATE UNIQUE INDEX "alert_organization_id_kind_occurrence_key" ON "alert"("organization_id", "kind", "occurrence");

-- CreateIndex
CREATE INDEX "alert_delivery_state_next_attempt_at_idx" ON "alert_delivery"("state", "next_attempt_at");

-- CreateIndex
CREATE INDEX "alert_delivery_alert_channel_id_idx" ON "alert_delivery"("alert_channel_id");

-- CreateIndex
CREATE UNIQUE INDEX "alert_delivery_alert_id_alert_channel_id_key" ON "alert_delivery"("alert_id", "alert_channel_id");

-- CreateIndex
CREATE INDEX "reconciliation_run_organization_id_checked_at_idx" ON "reconciliation_run"("organization_id", "checked_at");

-- CreateIndex
CREATE INDEX "quota_attachment_subject_organization_id_idx" ON "quota_attachment"("subject_organization_id");

-- AddForeignKey
ALTER TABLE "quota_attachment" ADD CONSTRAINT "quota_attachment_subject_organization_id_fkey" FOREIGN KEY ("subject_organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alert_delivery" ADD CONSTRAINT "alert_delivery_alert_id_fkey" FOREIGN KEY ("alert_id") REFERENCES "alert"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alert_delivery" ADD CONSTRAINT "alert_delivery_alert_channel_id_fkey" FOREIGN KEY ("alert_channel_id") REFERENCES "alert_channel"("id") ON DELETE CASCADE ON UPDATE CASCADE;



-- What Prisma has no word for.

ALTER TABLE "quota_attachment" DROP CONSTRAINT "quota_attachment_one_subject";
ALTER TABLE "quota_attachment" ADD CONSTRAINT "quota_attachment_one_subject"
    CHECK (num_nonnulls("team_id", "virtual_key_id", "llm_proxy_id", "llm_provider_id", "subject_organization_id") = 1
        AND ("model_id" IS NULL OR "llm_provider_id" IS NOT NULL) AND (NOT "each_key" OR "team_id" IS NOT NULL));
