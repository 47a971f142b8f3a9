import { Prisma } from '../../prisma/generated/client.ts';
import { addToRow, sumColumns, sumsOfColumns } from './sum-columns.ts';

/** Each event under each of its names, and under that of everything. */
const eachName = Prisma.sql`
    CROSS JOIN LATERAL (VALUES ('all', ''), ('key', virtual_key_name), ('team', team_name), ('proxy', proxy_name),
      ('provider', provider_name), ('model', model), ('user', user_tag)) AS d(dimension, name)`;

/**
 * Adds to the sums by one name alone. Users have no sums of hours: callers make them up, so that a row of a user holds hardly
 * more than one request. The hours and days are made of the quarters, which are few.
 */
export const addToGroups = Prisma.sql`
    group_quarters AS (
      SELECT organization_id, d.dimension, bucket_start, d.name, ${sumsOfColumns}
      FROM measured ${eachName} GROUP BY 1, 2, 3, 4
    ), group_sums AS (
      SELECT organization_id, dimension, 15 AS width, bucket_start, name, ${sumColumns} FROM group_quarters
      UNION ALL
      SELECT organization_id, dimension, 60, date_bin('1 hour', bucket_start, '2000-01-01Z'), name, ${sumsOfColumns}
      FROM group_quarters WHERE dimension <> 'user' GROUP BY 1, 2, 4, 5
      UNION ALL
      SELECT organization_id, dimension, 1440, date_bin('1 day', bucket_start, '2000-01-01Z'), name, ${sumsOfColumns}
      FROM group_quarters GROUP BY 1, 2, 4, 5
    ), group_rows AS (
      INSERT INTO usage_group_rollup AS r (organization_id, dimension, width, bucket_start, name, ${sumColumns})
      SELECT organization_id, dimension, width, bucket_start, name, ${sumColumns} FROM group_sums
      ORDER BY organization_id, dimension COLLATE "C", width, bucket_start, name COLLATE "C"
      ON CONFLICT (organization_id, dimension, width, bucket_start, name) DO UPDATE SET ${addToRow}
    )`;
