-- AlterTable
ALTER TABLE "credential" ADD COLUMN     "secret_names" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "virtual_key" ADD COLUMN     "api_key" JSONB,
ADD COLUMN     "handle" TEXT,
ADD COLUMN     "parent_proxy_id" UUID;

-- CreateTable
CREATE TABLE "secret" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "labels" JSONB NOT NULL,
    "annotations" JSONB NOT NULL,
    "spec" JSONB NOT NULL,
    "sealed_value" TEXT NOT NULL DEFAULT '',
    "fingerprint" TEXT NOT NULL DEFAULT '',
    "value_updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "secret_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "secret_organization_id_name_key" ON "secret"("organization_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "virtual_key_parent_proxy_id_handle_key" ON "virtual_key"("parent_proxy_id", "handle");

-- AddForeignKey
ALTER TABLE "virtual_key" ADD CONSTRAINT "virtual_key_parent_proxy_id_fkey" FOREIGN KEY ("parent_proxy_id") REFERENCES "llm_proxy"("id") ON DELETE CASCADE ON UPDATE CASCADE;
