import { Prisma } from '../../prisma/generated/client.ts';
import { FIRST_TOKEN_BINS, latencyBinSql } from '../latency-bins.ts';

/**
 * Adds to the histograms of latency by one name alone, of UTC days, and of hours for everything together. A row holds the bins
 * that are not empty: a row for each bin would be as many rows as events. Users have none.
 */
export const addToLatencies = Prisma.sql`
    latency_cells AS (
      SELECT organization_id, d.dimension, d.width, d.bucket_start, d.name, b.bin, count(*)::int AS count
      FROM (SELECT *, date_bin('1 day', bucket_start, '2000-01-01Z') AS day FROM measured) AS m
        CROSS JOIN LATERAL (VALUES (${latencyBinSql(Prisma.sql`duration`)}),
          (${FIRST_TOKEN_BINS}::int + ${latencyBinSql(Prisma.sql`first_token`)})) AS b(bin)
        CROSS JOIN LATERAL (VALUES ('all', 60, date_bin('1 hour', bucket_start, '2000-01-01Z'), ''), ('all', 1440, day, ''),
          ('key', 1440, day, virtual_key_name), ('team', 1440, day, team_name), ('proxy', 1440, day, proxy_name),
          ('provider', 1440, day, provider_name), ('model', 1440, day, model)) AS d(dimension, width, bucket_start, name)
      WHERE b.bin IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6
    ), latency_rows AS (
      INSERT INTO usage_latency AS r (organization_id, dimension, width, bucket_start, name, bins, counts)
      SELECT organization_id, dimension, width, bucket_start, name, array_agg(bin), array_agg(count)
      FROM latency_cells GROUP BY 1, 2, 3, 4, 5
      ORDER BY organization_id, dimension COLLATE "C", width, bucket_start, name COLLATE "C"
      ON CONFLICT (organization_id, dimension, width, bucket_start, name) DO UPDATE SET (bins, counts) = (
        SELECT array_agg(bin), array_agg(count) FROM (
          SELECT bin, sum(count)::int AS count
          FROM (
            SELECT * FROM unnest(r.bins, r.counts) AS had(bin, count)
            UNION ALL SELECT * FROM unnest(excluded.bins, excluded.counts) AS came(bin, count)
          ) AS both_of GROUP BY bin
        ) AS merged)
    )`;
