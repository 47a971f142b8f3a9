import { writeFile } from 'node:fs/promises';
import { ConfigRevision, GatewayInstance, ManifestList, pageOf, Settings } from '@penstock/contracts';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { z } from 'zod';
import type { AdminClient } from '../admin/admin-client.ts';
import { connect } from '../admin/connection.ts';
import { CliError } from '../cli-error.ts';
import type { CliIo } from '../cli-io.ts';
import { redactSecrets } from '../manifests/redact-secrets.ts';
import type { Format } from '../output/render.ts';
import { withProgress } from '../output/with-progress.ts';

const REVISIONS = 50;
const Instances = z.object({ items: z.array(GatewayInstance) });
const Revisions = pageOf('ConfigRevisionPage', ConfigRevision);

const EXAMPLES = `
Holds all documents, the newest revisions, the gateways and the settings; no credentials, and what looks like one is blanked out.

Examples:
  penstock dump --out support.json
  penstock dump -o yaml`;

/** `penstock dump` */
export function addDumpCommand(program: Command, io: CliIo): void {
  program
    .command('dump')
    .description('what support needs to see, in one file without secrets')
    .option('--out <file>', 'write it there, for nobody else to read, and not to standard output')
    .addHelpText('after', EXAMPLES)
    .action(async ({ out }: { readonly out?: string }, command: Command) => {
      const client = connect(command, io);
      const bundle = redactSecrets(await withProgress(io, 'collecting', collect(client, io)));
      const { output } = command.optsWithGlobals<{ readonly output: Format }>();
      const text = output === 'yaml' ? stringify(bundle, { lineWidth: 0 }) : `${JSON.stringify(bundle, null, 2)}\n`;
      if (out === undefined) return io.out(text);
      await writeFile(out, text, { mode: 0o600 }).catch((error: Error) => {
        throw new CliError(`${out} cannot be written: ${error.message}.`);
      });
      io.say(`written to ${out}\n`);
    });
}

async function collect(client: AdminClient, io: CliIo) {
  const [documents, revisions, gateways, settings] = await Promise.all([
    client.text({ path: '/manifests/export', accept: 'application/json' }),
    client.send({ path: '/config/revisions', query: { limit: REVISIONS }, answer: Revisions }),
    client.send({ path: '/gateway-instances', answer: Instances }),
    client.send({ path: '/settings', answer: Settings }),
  ]);
  return {
    createdAt: new Date(io.now()).toISOString(),
    server: client.server.origin,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    settings,
    revisions: revisions.items,
    gateways: gateways.items,
    documents: ManifestList.parse(JSON.parse(documents)).items,
  };
}
