-- DropIndex
DROP INDEX "llm_proxy_context_key";

-- AlterTable
ALTER TABLE "llm_provider" ADD COLUMN     "context" TEXT,
ADD COLUMN     "vhost" TEXT NOT NULL DEFAULT '';

-- AlterTable
ALTER TABLE "llm_proxy" ADD COLUMN     "vhost" TEXT NOT NULL DEFAULT '';

-- AlterTable
ALTER TABLE "virtual_key" ADD COLUMN     "parent_provider_id" UUID;

-- CreateTable
CREATE TABLE "llm_proxy_credential" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "llm_proxy_id" UUID NOT NULL,
    "alias" TEXT NOT NULL,
    "llm_provider_id" UUID NOT NULL,
    "sealed_value" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "secret_names" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "llm_proxy_credential_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "llm_proxy_credential_llm_provider_id_idx" ON "llm_proxy_credential"("llm_provider_id");

-- CreateIndex
CREATE UNIQUE INDEX "llm_proxy_credential_llm_proxy_id_alias_key" ON "llm_proxy_credential"("llm_proxy_id", "alias");

-- CreateIndex
CREATE UNIQUE INDEX "llm_provider_context_vhost_key" ON "llm_provider"("context", "vhost");

-- CreateIndex
CREATE UNIQUE INDEX "llm_proxy_context_vhost_key" ON "llm_proxy"("context", "vhost");

-- CreateIndex
CREATE UNIQUE INDEX "virtual_key_parent_provider_id_handle_key" ON "virtual_key"("parent_provider_id", "handle");

-- AddForeignKey
ALTER TABLE "llm_proxy_credential" ADD CONSTRAINT "llm_proxy_credential_llm_proxy_id_fkey" FOREIGN KEY ("llm_proxy_id") REFERENCES "llm_proxy"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "llm_proxy_credential" ADD CONSTRAINT "llm_proxy_credential_llm_provider_id_fkey" FOREIGN KEY ("llm_provider_id") REFERENCES "llm_provider"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "virtual_key" ADD CONSTRAINT "virtual_key_parent_provider_id_fkey" FOREIGN KEY ("parent_provider_id") REFERENCES "llm_provider"("id") ON DELETE CASCADE ON UPDATE CASCADE;
