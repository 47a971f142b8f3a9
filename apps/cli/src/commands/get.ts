import { type ManifestKind, pageOf } from '@penstock/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import type { AdminClient } from '../admin/admin-client.ts';
import { connect } from '../admin/connection.ts';
import { usageError } from '../cli-error.ts';
import type { CliIo } from '../cli-io.ts';
import { pathOf } from '../manifests/kind-names.ts';
import { writeAnswer } from '../output/render.ts';
import { type Column, renderTable } from '../output/table.ts';
import { withProgress } from '../output/with-progress.ts';
import { kindArgument } from './kind-argument.ts';

const Document = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({ displayName: z.string().optional() }),
  status: z.looseObject({ updatedAt: z.string(), state: z.string().optional() }),
});
type Document = z.infer<typeof Document>;
const Documents = pageOf('DocumentPage', Document);

const PAGE_SIZE = 500;
const MAX_DOCUMENTS = 20_000;

const COLUMNS: readonly Column<Document>[] = [
  { title: 'NAME', value: ({ metadata }) => metadata.name },
  { title: 'DISPLAY NAME', value: ({ spec }) => spec.displayName ?? '' },
  { title: 'STATE', value: ({ status }) => status.state ?? '' },
  { title: 'UPDATED', value: ({ status }) => status.updatedAt },
];

const EXAMPLES = `
Examples:
  penstock get providers
  penstock get virtual-keys --search app-
  penstock get proxy shop -o yaml`;

/** `penstock get` */
export function addGetCommand(program: Command, io: CliIo): void {
  program
    .command('get')
    .description('documents of a kind, or one of them, with their status')
    .addArgument(kindArgument())
    .argument('[name]', 'the one of this name')
    .option('--search <text>', 'with this in their name or display name')
    .addHelpText('after', EXAMPLES)
    .action(
      async (kind: ManifestKind, name: string | undefined, options: { readonly search?: string }, self: Command) => {
        if (name !== undefined && options.search !== undefined) throw usageError('Give a name or --search, not both.');
        const client = connect(self, io);
        if (name !== undefined || kind === 'Organization') {
          const value = await readOne(client, kind, name);
          return writeAnswer(self, io, { value, asTable: (document) => renderTable(COLUMNS, [document]) });
        }
        const value = await withProgress(io, 'reading', readDocuments(client, pathOf(kind), options.search));
        writeAnswer(self, io, { value, asTable: ({ items }) => renderTable(COLUMNS, items) });
      },
    );
}

async function readOne(client: AdminClient, kind: ManifestKind, name: string | undefined): Promise<Document> {
  const isSingle = kind === 'Organization';
  const path = isSingle ? pathOf(kind) : `${pathOf(kind)}/${encodeURIComponent(name ?? '')}`;
  const document = await client.send({ path, answer: Document });
  if (isSingle && name !== undefined && document.metadata.name !== name) {
    throw usageError(`The organization is '${document.metadata.name}'.`);
  }
  return document;
}

/** All documents of a list, page by page. */
export async function readDocuments(client: AdminClient, path: string, search?: string) {
  const items: Document[] = [];
  for (let cursor: string | null | undefined; ;) {
    const query = { q: search, limit: PAGE_SIZE, cursor: cursor ?? undefined };
    const page = await client.send({ path, query, answer: Documents });
    items.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === null || items.length >= MAX_DOCUMENTS) return { items, total: page.total };
  }
}
