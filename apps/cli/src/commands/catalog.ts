import {
  CatalogModel,
  MAX_PRICE_CATALOG_BYTES,
  pageOf,
  PriceCatalogStatus,
  UnknownPriceModel,
  UnknownPriceModels,
} from '@penstock/contracts';
import { type Command, InvalidArgumentError } from 'commander';
import type { AdminClient } from '../admin/admin-client.ts';
import { connect } from '../admin/connection.ts';
import { uploadFile } from '../admin/upload-file.ts';
import type { CliIo } from '../cli-io.ts';
import { formatCount, formatUsd } from '../output/format-values.ts';
import { renderFields, writeAnswer } from '../output/render.ts';
import { readTime } from '../read-time.ts';
import { type Column, renderTable } from '../output/table.ts';

const PATH = '/price-catalog';
const PAGE_SIZE = 500;
const Models = pageOf('CatalogModelPage', CatalogModel);

interface ShowOptions {
  readonly template?: string;
  readonly search?: string;
  readonly limit: number;
}

const COLUMNS: readonly Column<CatalogModel>[] = [
  { title: 'TEMPLATE', value: ({ template }) => template },
  { title: 'MODEL', value: ({ model }) => model },
  { title: 'INPUT', value: ({ inputPerMillion }) => formatUsd(inputPerMillion), align: 'right' },
  { title: 'OUTPUT', value: ({ outputPerMillion }) => formatUsd(outputPerMillion), align: 'right' },
  { title: 'CACHED', value: ({ cachedInputPerMillion: price }) => optional(price), align: 'right' },
  { title: 'CACHE WRITE', value: ({ cacheWritePerMillion: price }) => optional(price), align: 'right' },
  {
    title: 'TIERS',
    value: ({ tiers = [] }) => tiers.map((tier) => `>${formatCount(tier.aboveInputTokens)}`).join(' '),
  },
];

const UNKNOWN_COLUMNS: readonly Column<UnknownPriceModel>[] = [
  { title: 'PROVIDER', value: ({ provider }) => provider ?? '(none)' },
  { title: 'MODEL', value: ({ model }) => model },
  { title: 'UPSTREAM', value: ({ upstreamModel }) => upstreamModel },
  { title: 'REQUESTS', value: ({ requests }) => formatCount(requests), align: 'right' },
];

/** `penstock catalog show|update|reset|unknown` */
export function addCatalogCommand(program: Command, io: CliIo): void {
  const catalog = program
    .command('catalog')
    .description('list prices of models, which hold where no ModelPrice is set');
  catalog
    .command('show')
    .description('which catalog is in use; with --template or --search, its models in USD for a million tokens')
    .option('--template <name>', 'models of this template')
    .option('--search <text>', 'models with this in their name')
    .option('--limit <count>', 'models at most', readLimit, 50)
    .action(async (options: ShowOptions, command: Command) => show(options, command, io));
  catalog
    .command('update')
    .description("replace it by a file: a PriceCatalog, or LiteLLM's model_prices_and_context_window.json")
    .requiredOption('--from <file>', 'JSON, or YAML (.yaml)')
    .action(async ({ from }: { readonly from: string }, command: Command) => {
      const client = connect(command, io);
      const body = await uploadFile(from, MAX_PRICE_CATALOG_BYTES, io);
      const value = await client.send({ method: 'PUT', path: PATH, body, answer: PriceCatalogStatus });
      writeAnswer(command, io, { value, asTable: describe });
    });
  catalog
    .command('reset')
    .description('go back to the catalog of the release')
    .action(async (_options: unknown, command: Command) => {
      const value = await connect(command, io).send({ method: 'DELETE', path: PATH, answer: PriceCatalogStatus });
      writeAnswer(command, io, { value, asTable: describe });
    });
  addUnknown(catalog, io);
}

/** `penstock catalog unknown` */
function addUnknown(catalog: Command, io: CliIo): void {
  const time = (text: string) => readTime(text, io.now());
  catalog
    .command('unknown')
    .description('models of which a request had no price; the last 24 hours unless told otherwise')
    .option('--from <time>', 'the beginning: a time, a day, or how long ago (7d)', time)
    .option('--to <time>', 'the end, which does not count itself', time)
    .action(async (options: { readonly from?: string; readonly to?: string }, command: Command) => {
      const query = { from: options.from, to: options.to };
      const value = await connect(command, io).send({ path: `${PATH}/unknown`, query, answer: UnknownPriceModels });
      writeAnswer(command, io, { value, asTable: ({ items }) => renderTable(UNKNOWN_COLUMNS, items) });
    });
}

async function show(options: ShowOptions, command: Command, io: CliIo): Promise<void> {
  const client = connect(command, io);
  if (options.template === undefined && options.search === undefined) {
    const value = await client.send({ path: PATH, answer: PriceCatalogStatus });
    return writeAnswer(command, io, { value, asTable: describe });
  }
  const value = await readModels(client, options);
  const more = value.total - value.items.length;
  const rest = more > 0 ? `(${formatCount(more)} more; see --limit)\n` : '';
  writeAnswer(command, io, { value, asTable: ({ items }) => `${renderTable(COLUMNS, items)}${rest}` });
}

async function readModels(
  client: AdminClient,
  { template, search, limit }: ShowOptions,
): Promise<{ readonly items: readonly CatalogModel[]; readonly total: number }> {
  const items: CatalogModel[] = [];
  for (let cursor: string | null | undefined; ;) {
    const wanted = Math.min(PAGE_SIZE, limit - items.length);
    const query = { template, q: search, limit: wanted, cursor: cursor ?? undefined };
    const page = await client.send({ path: `${PATH}/models`, query, answer: Models });
    items.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === null || items.length >= limit) return { items, total: page.total };
  }
}

function describe(status: PriceCatalogStatus): string {
  const updated = status.updatedAt === null ? 'comes with the release' : `uploaded ${status.updatedAt}`;
  return renderFields({
    catalog: updated,
    source: status.source,
    license: status.license,
    date: status.date,
    models: formatCount(status.models),
    sha256: status.sha256,
    'source sha256': status.sourceSha256,
  });
}

function optional(microUsd: number | undefined): string {
  return microUsd === undefined ? '' : formatUsd(microUsd);
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 100_000) return limit;
  throw new InvalidArgumentError('Give a whole number from 1 to 100000.');
}
