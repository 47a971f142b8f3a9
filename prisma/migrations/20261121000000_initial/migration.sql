-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "organization" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "organization_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "disabled" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "last_login_at" TIMESTAMPTZ(3),

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "token_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "address" TEXT NOT NULL,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "login_attempt" (
    "id" TEXT NOT NULL,
    "organization_id" UUID NOT NULL,
    "failures" INTEGER NOT NULL,
    "locked_until" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "login_attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "admin_token" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "admin_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "team" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "labels" JSONB NOT NULL,
    "annotations" JSONB NOT NULL,
    "spec" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "team_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "llm_provider_template" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "labels" JSONB NOT NULL,
    "annotations" JSONB NOT NULL,
    "spec" JSONB NOT NULL,
    "built_in" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "llm_provider_template_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "llm_provider" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "labels" JSONB NOT NULL,
    "annotations" JSONB NOT NULL,
    "spec" JSONB NOT NULL,
    "template_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "llm_provider_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credential" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "llm_provider_id" UUID NOT NULL,
    "sealed_value" TEXT NOT NULL,
    "last_four" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credential_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "llm_proxy" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "labels" JSONB NOT NULL,
    "annotations" JSONB NOT NULL,
    "spec" JSONB NOT NULL,
    "context" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "llm_proxy_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "llm_proxy_provider" (
    "organization_id" UUID NOT NULL,
    "llm_proxy_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "llm_provider_id" UUID NOT NULL,
    "alias" TEXT NOT NULL,

    CONSTRAINT "llm_proxy_provider_pkey" PRIMARY KEY ("llm_proxy_id","position")
);

-- CreateTable
CREATE TABLE "virtual_key" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "labels" JSONB NOT NULL,
    "annotations" JSONB NOT NULL,
    "spec" JSONB NOT NULL,
    "team_id" UUID NOT NULL,
    "proxies" TEXT[],
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "virtual_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "virtual_key_secret" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "virtual_key_id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "last_four" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "virtual_key_secret_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "quota" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "labels" JSONB NOT NULL,
    "annotations" JSONB NOT NULL,
    "spec" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "quota_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "quota_attachment" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "quota_id" UUID NOT NULL,
    "team_id" UUID,
    "virtual_key_id" UUID,
    "llm_proxy_id" UUID,
    "llm_provider_id" UUID,

    CONSTRAINT "quota_attachment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "model_price" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "labels" JSONB NOT NULL,
    "annotations" JSONB NOT NULL,
    "spec" JSONB NOT NULL,
    "llm_provider_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "model_price_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "config_revision" (
    "revision" BIGINT NOT NULL,
    "organization_id" UUID NOT NULL,
    "checksum" TEXT NOT NULL,
    "body" BYTEA,
    "bytes" INTEGER NOT NULL,
    "cause" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "published" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "published_at" TIMESTAMPTZ(3),

    CONSTRAINT "config_revision_pkey" PRIMARY KEY ("revision")
);

-- CreateTable
CREATE TABLE "usage_event" (
    "id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "organization_id" UUID NOT NULL,
    "gateway_instance_id" TEXT NOT NULL,
    "request_id" TEXT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "virtual_key_id" UUID,
    "virtual_key_name" TEXT,
    "team_id" UUID,
    "team_name" TEXT,
    "proxy_id" UUID,
    "proxy_name" TEXT,
    "provider_id" UUID,
    "provider_name" TEXT,
    "requested_model" TEXT NOT NULL,
    "upstream_model" TEXT,
    "dialect" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "stream" BOOLEAN NOT NULL,
    "outcome" TEXT NOT NULL,
    "http_status" INTEGER NOT NULL,
    "error_code" TEXT,
    "attempts" INTEGER NOT NULL,
    "input_tokens" BIGINT NOT NULL,
    "output_tokens" BIGINT NOT NULL,
    "cached_input_tokens" BIGINT NOT NULL,
    "reasoning_tokens" BIGINT NOT NULL,
    "usage_source" TEXT NOT NULL,
    "cost_micro_usd" BIGINT,
    "price_version" TEXT,
    "first_token_ms" DECIMAL(14,3),
    "duration_ms" DECIMAL(14,3) NOT NULL,

    CONSTRAINT "usage_event_pkey" PRIMARY KEY ("id","day")
) PARTITION BY RANGE ("day");

-- CreateTable
CREATE TABLE "usage_rollup" (
    "bucket_start" TIMESTAMPTZ(3) NOT NULL,
    "organization_id" UUID NOT NULL,
    "virtual_key_id" UUID NOT NULL,
    "team_id" UUID NOT NULL,
    "proxy_id" UUID NOT NULL,
    "provider_id" UUID NOT NULL,
    "model" TEXT NOT NULL,
    "virtual_key_name" TEXT NOT NULL,
    "team_name" TEXT NOT NULL,
    "proxy_name" TEXT NOT NULL,
    "provider_name" TEXT NOT NULL,
    "requests" BIGINT NOT NULL,
    "errors" BIGINT NOT NULL,
    "input_tokens" BIGINT NOT NULL,
    "output_tokens" BIGINT NOT NULL,
    "cached_input_tokens" BIGINT NOT NULL,
    "reasoning_tokens" BIGINT NOT NULL,
    "cost_micro_usd" BIGINT NOT NULL,
    "unknown_cost_requests" BIGINT NOT NULL,
    "duration_ms_sum" DECIMAL(24,3) NOT NULL,
    "duration_count" BIGINT NOT NULL,
    "first_token_ms_sum" DECIMAL(24,3) NOT NULL,
    "first_token_count" BIGINT NOT NULL,

    CONSTRAINT "usage_rollup_pkey" PRIMARY KEY ("organization_id","bucket_start","virtual_key_id","team_id","proxy_id","provider_id","model")
);

-- CreateTable
CREATE TABLE "audit_event" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "sequence" BIGINT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "resource_kind" TEXT NOT NULL,
    "resource_name" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB,
    "request_id" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "previous_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "gateway_instance" (
    "id" TEXT NOT NULL,
    "organization_id" UUID NOT NULL,
    "last_heartbeat_at" TIMESTAMPTZ(3) NOT NULL,
    "heartbeat" JSONB NOT NULL,

    CONSTRAINT "gateway_instance_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "organization_name_key" ON "organization"("name");

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");

-- CreateIndex
CREATE INDEX "user_organization_id_idx" ON "user"("organization_id");

-- CreateIndex
CREATE UNIQUE INDEX "session_token_hash_key" ON "session"("token_hash");

-- CreateIndex
CREATE INDEX "session_user_id_idx" ON "session"("user_id");

-- CreateIndex
CREATE INDEX "session_expires_at_idx" ON "session"("expires_at");

-- CreateIndex
CREATE INDEX "login_attempt_updated_at_idx" ON "login_attempt"("updated_at");

-- CreateIndex
CREATE UNIQUE INDEX "admin_token_token_hash_key" ON "admin_token"("token_hash");

-- CreateIndex
CREATE UNIQUE INDEX "admin_token_organization_id_name_key" ON "admin_token"("organization_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "team_organization_id_name_key" ON "team"("organization_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "llm_provider_template_organization_id_name_key" ON "llm_provider_template"("organization_id", "name");

-- CreateIndex
CREATE INDEX "llm_provider_template_id_idx" ON "llm_provider"("template_id");

-- CreateIndex
CREATE UNIQUE INDEX "llm_provider_organization_id_name_key" ON "llm_provider"("organization_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "credential_llm_provider_id_key" ON "credential"("llm_provider_id");

-- CreateIndex
CREATE UNIQUE INDEX "llm_proxy_context_key" ON "llm_proxy"("context");

-- CreateIndex
CREATE UNIQUE INDEX "llm_proxy_organization_id_name_key" ON "llm_proxy"("organization_id", "name");

-- CreateIndex
CREATE INDEX "llm_proxy_provider_llm_provider_id_idx" ON "llm_proxy_provider"("llm_provider_id");

-- CreateIndex
CREATE UNIQUE INDEX "llm_proxy_provider_llm_proxy_id_alias_key" ON "llm_proxy_provider"("llm_proxy_id", "alias");

-- CreateIndex
CREATE INDEX "virtual_key_team_id_idx" ON "virtual_key"("team_id");

-- CreateIndex
CREATE UNIQUE INDEX "virtual_key_organization_id_name_key" ON "virtual_key"("organization_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "virtual_key_secret_hash_key" ON "virtual_key_secret"("hash");

-- CreateIndex
CREATE INDEX "virtual_key_secret_virtual_key_id_idx" ON "virtual_key_secret"("virtual_key_id");

-- CreateIndex
CREATE UNIQUE INDEX "quota_organization_id_name_key" ON "quota"("organization_id", "name");

-- CreateIndex
CREATE INDEX "quota_attachment_quota_id_idx" ON "quota_attachment"("quota_id");

-- CreateIndex
CREATE INDEX "quota_attachment_team_id_idx" ON "quota_attachment"("team_id");

-- CreateIndex
CREATE INDEX "quota_attachment_virtual_key_id_idx" ON "quota_attachment"("virtual_key_id");

-- CreateIndex
CREATE INDEX "quota_attachment_llm_proxy_id_idx" ON "quota_attachment"("llm_proxy_id");

-- CreateIndex
CREATE INDEX "quota_attachment_llm_provider_id_idx" ON "quota_attachment"("llm_provider_id");

-- CreateIndex
CREATE INDEX "model_price_llm_provider_id_idx" ON "model_price"("llm_provider_id");

-- CreateIndex
CREATE UNIQUE INDEX "model_price_organization_id_name_key" ON "model_price"("organization_id", "name");

-- CreateIndex
CREATE INDEX "usage_event_organization_id_occurred_at_idx" ON "usage_event"("organization_id", "occurred_at");

-- CreateIndex
CREATE INDEX "usage_event_organization_id_virtual_key_id_occurred_at_idx" ON "usage_event"("organization_id", "virtual_key_id", "occurred_at");

-- CreateIndex
CREATE INDEX "audit_event_organization_id_resource_kind_resource_name_idx" ON "audit_event"("organization_id", "resource_kind", "resource_name");

-- CreateIndex
CREATE UNIQUE INDEX "audit_event_organization_id_sequence_key" ON "audit_event"("organization_id", "sequence");

-- CreateIndex
CREATE INDEX "gateway_instance_last_heartbeat_at_idx" ON "gateway_instance"("last_heartbeat_at");

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "llm_provider" ADD CONSTRAINT "llm_provider_template_id_fkey" FOREIGN KEY ("template_id") REFERENCES "llm_provider_template"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credential" ADD CONSTRAINT "credential_llm_provider_id_fkey" FOREIGN KEY ("llm_provider_id") REFERENCES "llm_provider"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "llm_proxy_provider" ADD CONSTRAINT "llm_proxy_provider_llm_proxy_id_fkey" FOREIGN KEY ("llm_proxy_id") REFERENCES "llm_proxy"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "llm_proxy_provider" ADD CONSTRAINT "llm_proxy_provider_llm_provider_id_fkey" FOREIGN KEY ("llm_provider_id") REFERENCES "llm_provider"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "virtual_key" ADD CONSTRAINT "virtual_key_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "virtual_key_secret" ADD CONSTRAINT "virtual_key_secret_virtual_key_id_fkey" FOREIGN KEY ("virtual_key_id") REFERENCES "virtual_key"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "quota_attachment" ADD CONSTRAINT "quota_attachment_quota_id_fkey" FOREIGN KEY ("quota_id") REFERENCES "quota"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "quota_attachment" ADD CONSTRAINT "quota_attachment_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "quota_attachment" ADD CONSTRAINT "quota_attachment_virtual_key_id_fkey" FOREIGN KEY ("virtual_key_id") REFERENCES "virtual_key"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "quota_attachment" ADD CONSTRAINT "quota_attachment_llm_proxy_id_fkey" FOREIGN KEY ("llm_proxy_id") REFERENCES "llm_proxy"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "quota_attachment" ADD CONSTRAINT "quota_attachment_llm_provider_id_fkey" FOREIGN KEY ("llm_provider_id") REFERENCES "llm_provider"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_price" ADD CONSTRAINT "model_price_llm_provider_id_fkey" FOREIGN KEY ("llm_provider_id") REFERENCES "llm_provider"("id") ON DELETE RESTRICT ON UPDATE CASCADE;



-- What Prisma has no word for.

-- Days whose partition was not made ahead: the worker moves their rows into a partition of their own.
CREATE TABLE "usage_event_default" PARTITION OF "usage_event" DEFAULT;

ALTER TABLE "quota_attachment" ADD CONSTRAINT "quota_attachment_one_subject"
    CHECK (num_nonnulls("team_id", "virtual_key_id", "llm_proxy_id", "llm_provider_id") = 1);

-- The engine that runs this splits the script at every semicolon, also inside a string: \x3B stands for one.
CREATE FUNCTION "refuse_audit_event_change"() RETURNS trigger LANGUAGE plpgsql AS
    E'BEGIN RAISE EXCEPTION \'audit_event is append-only\' USING ERRCODE = \'insufficient_privilege\'\x3B END\x3B';

CREATE TRIGGER "audit_event_append_only"
    BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_event"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_audit_event_change"();
