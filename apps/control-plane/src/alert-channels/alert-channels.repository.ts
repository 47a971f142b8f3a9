import type { PageQuery } from '@penstock/contracts';
import { Prisma } from '../prisma/generated/client.ts';
import type { Transaction } from '../prisma/prisma.service.ts';
import { ResourceRepository, type RowPage } from '../resources/resource-repository.ts';
import type { ResourceDelegate } from '../resources/resource-row.ts';
import type { AlertChannelRow, LastDelivery } from './alert-channel.mapper.ts';

/** Channels, each with its newest delivery that was tried. */
class AlertChannelsRepository extends ResourceRepository<AlertChannelRow> {
  constructor() {
    super((client) => client.alertChannel as unknown as ResourceDelegate<AlertChannelRow>);
  }

  override async page(
    client: Transaction,
    organizationId: string,
    query: PageQuery,
  ): Promise<RowPage<AlertChannelRow>> {
    const page = await super.page(client, organizationId, query);
    return { ...page, rows: await withLastDelivery(client, page.rows) };
  }

  override async find(client: Transaction, organizationId: string, name: string): Promise<AlertChannelRow | undefined> {
    const row = await super.find(client, organizationId, name);
    return row && (await withLastDelivery(client, [row]))[0];
  }
}

export const alertChannelsRepository = new AlertChannelsRepository();

/** A delivery that is still tried counts as failed as long as its last attempt did. Its time is not kept, so the alert's stands in. */
async function withLastDelivery(client: Transaction, rows: readonly AlertChannelRow[]): Promise<AlertChannelRow[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => Prisma.sql`${id}::uuid`);
  const found = await client.$queryRaw<(LastDelivery & { readonly channelId: string })[]>`
    SELECT c.id AS "channelId", d.* FROM unnest(ARRAY[${Prisma.join(ids)}]) AS c(id) CROSS JOIN LATERAL (
      SELECT CASE state WHEN 'delivered' THEN 'delivered' ELSE 'failed' END AS state,
        coalesce(delivered_at, a.fired_at) AS at, CASE state WHEN 'delivered' THEN NULL ELSE last_error END AS error
      FROM alert_delivery JOIN alert a ON a.id = alert_id
      WHERE alert_channel_id = c.id AND (state = 'delivered' OR last_error IS NOT NULL)
      ORDER BY alert_delivery.id DESC LIMIT 1) d`;
  const byChannel = new Map(found.map(({ channelId, ...last }) => [channelId, last]));
  return rows.map((row) => ({ ...row, lastDelivery: byChannel.get(row.id) }));
}
