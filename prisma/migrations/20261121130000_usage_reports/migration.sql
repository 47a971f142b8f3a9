-- AlterTable
ALTER TABLE "usage_rollup" ADD COLUMN     "cache_write_tokens" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "estimated_requests" BIGINT NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "usage_day_rollup" (
    "organization_id" UUID NOT NULL,
    "bucket_start" TIMESTAMPTZ(3) NOT NULL,
    "virtual_key_name" TEXT NOT NULL,
    "team_name" TEXT NOT NULL,
    "proxy_name" TEXT NOT NULL,
    "provider_name" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "requests" BIGINT NOT NULL,
    "errors" BIGINT NOT NULL,
    "input_tokens" BIGINT NOT NULL,
    "output_tokens" BIGINT NOT NULL,
    "cached_input_tokens" BIGINT NOT NULL,
    "cache_write_tokens" BIGINT NOT NULL,
    "reasoning_tokens" BIGINT NOT NULL,
    "cost_micro_usd" BIGINT NOT NULL,
    "unknown_cost_requests" BIGINT NOT NULL,
    "estimated_requests" BIGINT NOT NULL,
    "duration_us_sum" BIGINT NOT NULL,
    "duration_count" BIGINT NOT NULL,
    "first_token_us_sum" BIGINT NOT NULL,
    "first_token_count" BIGINT NOT NULL,

    CONSTRAINT "usage_day_rollup_pkey" PRIMARY KEY ("organization_id","bucket_start","virtual_key_name","team_name","proxy_name","provider_name","model")
);

-- CreateTable
CREATE TABLE "usage_group_rollup" (
    "organization_id" UUID NOT NULL,
    "dimension" TEXT NOT NULL,
    "width" SMALLINT NOT NULL,
    "bucket_start" TIMESTAMPTZ(3) NOT NULL,
    "name" TEXT NOT NULL,
    "requests" BIGINT NOT NULL,
    "errors" BIGINT NOT NULL,
    "input_tokens" BIGINT NOT NULL,
    "output_tokens" BIGINT NOT NULL,
    "cached_input_tokens" BIGINT NOT NULL,
    "cache_write_tokens" BIGINT NOT NULL,
    "reasoning_tokens" BIGINT NOT NULL,
    "cost_micro_usd" BIGINT NOT NULL,
    "unknown_cost_requests" BIGINT NOT NULL,
    "estimated_requests" BIGINT NOT NULL,
    "duration_us_sum" BIGINT NOT NULL,
    "duration_count" BIGINT NOT NULL,
    "first_token_us_sum" BIGINT NOT NULL,
    "first_token_count" BIGINT NOT NULL,

    CONSTRAINT "usage_group_rollup_pkey" PRIMARY KEY ("organization_id","dimension","width","bucket_start","name")
);

-- CreateTable
CREATE TABLE "usage_latency" (
    "organization_id" UUID NOT NULL,
    "dimension" TEXT NOT NULL,
    "width" SMALLINT NOT NULL,
    "bucket_start" TIMESTAMPTZ(3) NOT NULL,
    "name" TEXT NOT NULL,
    "bins" INTEGER[],
    "counts" INTEGER[],

    CONSTRAINT "usage_latency_pkey" PRIMARY KEY ("organization_id","dimension","width","bucket_start","name")
);


-- What Prisma has no word for.

-- Rows of sums are written again and again: with room in its page, a new version of a row needs no new entry in an index.
ALTER TABLE "usage_rollup" SET (fillfactor = 80);
ALTER TABLE "usage_day_rollup" SET (fillfactor = 80);
ALTER TABLE "usage_group_rollup" SET (fillfactor = 80);
ALTER TABLE "usage_latency" SET (fillfactor = 80);

-- Names are compared for equality alone, and bytes are compared faster than words.
ALTER TABLE "usage_group_rollup" ALTER COLUMN "dimension" TYPE TEXT COLLATE "C", ALTER COLUMN "name" TYPE TEXT COLLATE "C";
ALTER TABLE "usage_latency" ALTER COLUMN "dimension" TYPE TEXT COLLATE "C", ALTER COLUMN "name" TYPE TEXT COLLATE "C";
ALTER TABLE "usage_day_rollup" ALTER COLUMN "virtual_key_name" TYPE TEXT COLLATE "C",
    ALTER COLUMN "team_name" TYPE TEXT COLLATE "C", ALTER COLUMN "proxy_name" TYPE TEXT COLLATE "C",
    ALTER COLUMN "provider_name" TYPE TEXT COLLATE "C", ALTER COLUMN "model" TYPE TEXT COLLATE "C";

-- What was stored before the new tables were there. Histograms begin with the next event.
INSERT INTO "usage_day_rollup"
SELECT organization_id, date_bin('1 day', bucket_start, '2000-01-01Z'), virtual_key_name, team_name, proxy_name, provider_name,
    model, sum(requests), sum(errors), sum(input_tokens), sum(output_tokens), sum(cached_input_tokens), sum(cache_write_tokens),
    sum(reasoning_tokens), sum(cost_micro_usd), sum(unknown_cost_requests), sum(estimated_requests), sum(duration_ms_sum * 1000),
    sum(duration_count), sum(first_token_ms_sum * 1000), sum(first_token_count)
FROM "usage_rollup" GROUP BY 1, 2, 3, 4, 5, 6, 7;

INSERT INTO "usage_group_rollup"
SELECT organization_id, d.dimension, w.width, date_bin(w.width * interval '1 minute', bucket_start, '2000-01-01Z'), d.name,
    sum(requests), sum(errors), sum(input_tokens), sum(output_tokens), sum(cached_input_tokens), sum(cache_write_tokens),
    sum(reasoning_tokens), sum(cost_micro_usd), sum(unknown_cost_requests), sum(estimated_requests), sum(duration_ms_sum * 1000),
    sum(duration_count), sum(first_token_ms_sum * 1000), sum(first_token_count)
FROM "usage_rollup" CROSS JOIN (VALUES (15), (60), (1440)) AS w(width)
    CROSS JOIN LATERAL (VALUES ('all', ''), ('key', virtual_key_name), ('team', team_name), ('proxy', proxy_name),
        ('provider', provider_name), ('model', model), ('user', '')) AS d(dimension, name)
WHERE NOT (d.dimension = 'user' AND w.width = 60)
GROUP BY 1, 2, 3, 4, 5;
