import pg from 'pg';
import type { UsageSums } from '../history/check-sums.ts';
import type { StoredEvent } from '../history/history.ts';

/** The usage events of a key as they lie in Postgres. */
export async function readStoredEvents(databaseUrl: string, virtualKeyId: string): Promise<StoredEvent[]> {
  const rows = await query<Record<'id' | 'request_id' | 'usage_source' | 'input' | 'output' | 'cost', string>>(
    databaseUrl,
    `SELECT id, request_id, usage_source, input_tokens AS input, output_tokens AS output, cost_micro_usd AS cost
     FROM usage_event WHERE virtual_key_id = $1`,
    [virtualKeyId],
  );
  return rows.map((row) => ({
    id: row.id,
    requestId: row.request_id,
    source: row.usage_source as StoredEvent['source'],
    tokens: { input: Number(row.input), output: Number(row.output) },
    costMicroUsd: row.cost === null ? null : Number(row.cost),
  }));
}

/** The sums of a key over all quarters of an hour. */
export async function readRollupSums(databaseUrl: string, virtualKeyId: string): Promise<UsageSums> {
  const [row] = await query<Record<keyof UsageSums, string>>(
    databaseUrl,
    `SELECT coalesce(sum(requests), 0) AS requests, coalesce(sum(input_tokens), 0) AS "inputTokens",
       coalesce(sum(output_tokens), 0) AS "outputTokens", coalesce(sum(cost_micro_usd), 0) AS "costMicroUsd"
     FROM usage_rollup WHERE virtual_key_id = $1`,
    [virtualKeyId],
  );
  return {
    requests: Number(row?.requests),
    inputTokens: Number(row?.inputTokens),
    outputTokens: Number(row?.outputTokens),
    costMicroUsd: Number(row?.costMicroUsd),
  };
}

/** Makes the worker forget which gateways there are. */
export async function forgetGatewayInstances(databaseUrl: string): Promise<void> {
  await query(databaseUrl, 'DELETE FROM gateway_instance', []);
}

/** Gateways whose heartbeats the worker has written down. */
export async function countGatewayInstances(databaseUrl: string): Promise<number> {
  const [row] = await query<{ count: string }>(databaseUrl, 'SELECT count(*) FROM gateway_instance', []);
  return Number(row?.count);
}

async function query<Row>(url: string, statement: string, values: readonly unknown[]): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // A server that goes away also rejects the query.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(statement, [...values])).rows as Row[];
  } finally {
    await client.end();
  }
}
