import { ConfigRevision, GatewayInstance, pageOf } from '@penstock/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import { connect } from '../admin/connection.ts';
import type { CliIo } from '../cli-io.ts';
import { formatDuration } from '../output/format-values.ts';
import { renderFields, writeAnswer } from '../output/render.ts';
import { type Column, renderTable } from '../output/table.ts';

const Instances = z.object({ items: z.array(GatewayInstance) });
const Revisions = pageOf('ConfigRevisionPage', ConfigRevision);

interface Status {
  readonly revision: ConfigRevision | null;
  readonly gateways: readonly GatewayInstance[];
}

const COLUMNS: readonly Column<GatewayInstance>[] = [
  { title: 'GATEWAY', value: ({ instanceId }) => instanceId },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'REVISION', value: ({ appliedRevision, current }) => `${appliedRevision}${current ? '' : ' (old)'}` },
  { title: 'VERSION', value: ({ version }) => version },
  { title: 'IN FLIGHT', value: ({ inFlight }) => String(inFlight), align: 'right' },
  { title: 'HEARD', value: ({ stalenessMs }) => `${formatDuration(stalenessMs)} ago` },
  { title: 'NOTES', value: notesOf },
];

/** `penstock status` */
export function addStatusCommand(program: Command, io: CliIo): void {
  program
    .command('status')
    .description('the newest config revision, and the gateways with the revision that each applies')
    .action(async (_options: unknown, command: Command) => {
      writeAnswer(command, io, { value: await readStatus(command, io), asTable: describe });
    });
}

async function readStatus(command: Command, io: CliIo): Promise<Status> {
  const client = connect(command, io);
  const [instances, revisions] = await Promise.all([
    client.send({ path: '/gateway-instances', answer: Instances }),
    client.send({ path: '/config/revisions', query: { limit: 1 }, answer: Revisions }),
  ]);
  return { revision: revisions.items[0] ?? null, gateways: instances.items };
}

function describe({ revision, gateways }: Status): string {
  const head = renderFields({
    revision: revision ? `${revision.revision} (${revision.cause}, by ${revision.actor})` : 'none yet',
    published: revision ? `${revision.published ? 'yes' : 'not yet'}, made ${revision.createdAt}` : 'no',
  });
  return gateways.length === 0
    ? `${head}\nNo gateway has been heard of.\n`
    : `${head}\n${renderTable(COLUMNS, gateways)}`;
}

function notesOf({ refusal, quarantined, limiterDegraded, spooledEvents }: GatewayInstance): string {
  return [
    refusal && `refuses revision ${refusal.revision}: ${refusal.reason}`,
    quarantined.length > 0 && `${quarantined.length} left out`,
    limiterDegraded && 'limits without Redis',
    spooledEvents > 0 && `${spooledEvents} usage events waiting`,
  ]
    .filter((note) => note !== null && note !== false)
    .join('; ');
}
