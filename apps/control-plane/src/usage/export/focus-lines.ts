import type { UsageRange } from '../usage-range.ts';
import type { EventQuestion } from '../event-question.ts';
import { intervalAround, intervalStarts } from '../reports/interval-starts.ts';
import { type CsvCell, csvLine } from './csv-line.ts';
import { cursorPages } from './cursor-pages.ts';
import { FOCUS_COLUMNS, focusCells } from './focus-columns.ts';
import { type FocusGroup, focusGroups } from './focus-groups.ts';
import { splitCost } from './split-cost.ts';
import { type TokenKind, tokenKinds } from './token-kinds.ts';

/** More than any charge period. */
const TWO_DAYS_MS = 2 * 86_400_000;

/** What to export: charges by hour or day of a time zone. */
export interface FocusQuestion {
  readonly question: EventQuestion;
  readonly interval: 'hour' | 'day';
  readonly timeZone: string;
}

/** A group's charge for tokens of one kind, or for requests without tokens; the cost is null where it is unknown. */
export interface FocusCharge {
  readonly group: FocusGroup;
  readonly kind: string;
  readonly unit: 'Tokens' | 'Requests';
  readonly quantity: number;
  readonly costMicroUsd: number | null;
}

/** The usage as FOCUS rows in CSV, oldest first. */
export async function* focusLines(
  databaseUrl: string,
  { question, interval, timeZone }: FocusQuestion,
): AsyncGenerator<string> {
  const { from, to } = question.range;
  const starts = intervalStarts({ from, to: new Date(to.getTime() + TWO_DAYS_MS) }, interval, timeZone);
  yield csvLine(FOCUS_COLUMNS);
  for await (const groups of cursorPages<FocusGroup>(databaseUrl, focusGroups(question, starts))) {
    const lines = groups.flatMap((group) => {
      const charge = { from: new Date(starts[group.period] ?? 0), to: new Date(starts[group.period + 1] ?? 0) };
      const billing = intervalAround(charge.from.getTime(), 'month', timeZone);
      return focusCharges(group).map((one) => csvLine(cellsOf(one, question.organizationId, charge, billing)));
    });
    yield lines.join('');
  }
}

/** One charge for each kind of tokens; together they cost what the group costs. */
export function focusCharges(group: FocusGroup): FocusCharge[] {
  const kinds = tokenKinds(group);
  if (kinds.length === 0) return requestCharge(group);
  const costs = splitCost(group.costMicroUsd, kinds);
  return kinds.map(({ kind, tokens }: TokenKind, index) => ({
    group,
    kind,
    unit: 'Tokens',
    quantity: tokens,
    costMicroUsd: group.unknown ? null : (costs[index] ?? 0),
  }));
}

/** What has no tokens is charged by the request; what costs nothing besides is no charge. */
function requestCharge(group: FocusGroup): FocusCharge[] {
  if (group.costMicroUsd === 0 && !group.unknown) return [];
  const costMicroUsd = group.unknown ? null : group.costMicroUsd;
  return [{ group, kind: 'request', unit: 'Requests', quantity: group.requests, costMicroUsd }];
}

function cellsOf(charge: FocusCharge, organizationId: string, period: UsageRange, billing: UsageRange): CsvCell[] {
  return focusCells({ charge, organizationId, period, billing });
}
