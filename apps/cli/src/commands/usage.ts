import { UsageGroup, UsageSummary } from '@penstock/contracts';
import { type Command, Option } from 'commander';
import { connect } from '../admin/connection.ts';
import type { CliIo } from '../cli-io.ts';
import { formatCount, formatUsd } from '../output/format-values.ts';
import { writeAnswer } from '../output/render.ts';
import { type Column, renderTable } from '../output/table.ts';
import { readTime } from '../read-time.ts';

interface UsageOptions extends Partial<Record<UsageGroup, string>> {
  readonly groupBy?: UsageGroup;
  readonly from?: string;
  readonly to?: string;
  readonly timeZone?: string;
}
type Totals = UsageSummary['total'];
type Line = Totals & { readonly name: string };

const COLUMNS: readonly Column<Line>[] = [
  { title: 'REQUESTS', value: ({ requests }) => formatCount(requests), align: 'right' },
  { title: 'ERRORS', value: ({ errors }) => formatCount(errors), align: 'right' },
  { title: 'INPUT', value: ({ inputTokens }) => formatCount(inputTokens), align: 'right' },
  { title: 'CACHED', value: ({ cachedInputTokens }) => formatCount(cachedInputTokens), align: 'right' },
  { title: 'OUTPUT', value: ({ outputTokens }) => formatCount(outputTokens), align: 'right' },
  { title: 'USD', value: ({ costMicroUsd }) => formatUsd(costMicroUsd), align: 'right' },
  { title: 'UNPRICED', value: ({ unknownCostRequests }) => formatCount(unknownCostRequests), align: 'right' },
];

/** `penstock usage` */
export function addUsageCommand(program: Command, io: CliIo): void {
  const time = (text: string) => readTime(text, io.now());
  const command = program
    .command('usage')
    .description('requests, tokens and cost of a range; the last 24 hours unless told otherwise')
    .addOption(new Option('--group-by <group>', 'one line for each').choices(UsageGroup.options))
    .option('--from <time>', 'the beginning: a time, a day, or how long ago (7d)', time)
    .option('--to <time>', 'the end, which does not count itself', time)
    .option('--time-zone <zone>', 'such as Europe/Berlin');
  for (const group of UsageGroup.options) command.option(`--${group} <name>`, `of this ${group} alone`);
  command.action(async (options: UsageOptions, self: Command) => {
    const value = await connect(self, io).send({ path: '/usage/summary', query: { ...options }, answer: UsageSummary });
    writeAnswer(self, io, { value, asTable: (summary) => describe(summary, options.groupBy) });
  });
}

function describe(summary: UsageSummary, groupBy: UsageGroup | undefined): string {
  const lines = groupBy ? summary.items.map((item) => ({ ...item, name: item[groupBy] ?? '(none)' })) : [];
  const total = { ...summary.total, name: 'total' };
  const title = { title: groupBy?.toUpperCase() ?? '', value: ({ name }: Line) => name };
  const omitted =
    summary.omittedItems > 0 ? `(${formatCount(summary.omittedItems)} more count in the total alone)\n` : '';
  const unknown = total.unknownCostRequests > 0 ? 'Requests without a price are missing in the cost.\n' : '';
  const range = `${summary.from} to ${summary.to} (${summary.timeZone})\n\n`;
  return `${range}${renderTable([title, ...COLUMNS], [...lines, total])}${omitted}${unknown}`;
}
