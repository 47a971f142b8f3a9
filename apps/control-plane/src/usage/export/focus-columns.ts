import type { UsageRange } from '../usage-range.ts';
import type { CsvCell } from './csv-line.ts';
import type { FocusCharge } from './focus-lines.ts';

/** A row of the export before it is written. */
export interface FocusRow {
  readonly charge: FocusCharge;
  readonly organizationId: string;
  /** The hour or day. */
  readonly period: UsageRange;
  /** The month that it lies in. */
  readonly billing: UsageRange;
}

type Cell = (row: FocusRow) => CsvCell;

const cost: Cell = ({ charge }) => usd(charge.costMicroUsd);
const provider: Cell = ({ charge }) => charge.group.provider ?? 'unknown';

/** Columns of FOCUS 1.2 (https://focus.finops.org); own ones begin with `x_`, as it asks. */
const COLUMNS: readonly (readonly [name: string, cell: Cell])[] = [
  ['BilledCost', cost],
  ['BillingAccountId', ({ organizationId }) => organizationId],
  ['BillingAccountName', () => 'Penstock'],
  ['BillingAccountType', () => 'Organization'],
  ['BillingCurrency', () => 'USD'],
  ['BillingPeriodEnd', ({ billing }) => instant(billing.to)],
  ['BillingPeriodStart', ({ billing }) => instant(billing.from)],
  ['ChargeCategory', () => 'Usage'],
  ['ChargeClass', () => null],
  ['ChargeDescription', ({ charge }) => `${charge.kind} of ${charge.group.model ?? 'no model'}`],
  ['ChargeFrequency', () => 'Usage-Based'],
  ['ChargePeriodEnd', ({ period }) => instant(period.to)],
  ['ChargePeriodStart', ({ period }) => instant(period.from)],
  ['ConsumedQuantity', ({ charge }) => charge.quantity],
  ['ConsumedUnit', ({ charge }) => charge.unit],
  ['ContractedCost', cost],
  ['ContractedUnitPrice', () => null],
  ['EffectiveCost', cost],
  ['InvoiceId', () => null],
  ['InvoiceIssuerName', provider],
  ['ListCost', cost],
  ['ListUnitPrice', () => null],
  ['PricingCategory', () => 'Standard'],
  ['PricingCurrency', () => 'USD'],
  ['PricingQuantity', ({ charge }) => charge.quantity],
  ['PricingUnit', ({ charge }) => charge.unit],
  ['ProviderName', provider],
  ['PublisherName', provider],
  ['ResourceId', ({ charge }) => charge.group.keyId],
  ['ResourceName', ({ charge }) => charge.group.key],
  ['ResourceType', () => 'Virtual key'],
  ['ServiceCategory', () => 'AI and Machine Learning'],
  ['ServiceName', ({ charge }) => charge.group.model ?? 'unknown'],
  ['ServiceSubcategory', () => 'Generative AI'],
  ['SkuId', ({ charge }) => `${charge.group.provider ?? ''}/${charge.group.model ?? ''}`],
  ['SkuMeter', ({ charge }) => charge.kind],
  ['SkuPriceId', ({ charge }) => `${charge.group.provider ?? ''}/${charge.group.model ?? ''}/${charge.kind}`],
  ['SubAccountId', ({ charge }) => charge.group.teamId],
  ['SubAccountName', ({ charge }) => charge.group.team],
  ['SubAccountType', () => 'Team'],
  ['Tags', ({ charge }) => tags(charge)],
  ['x_CostUnknown', ({ charge }) => charge.costMicroUsd === null],
];

/** The header. */
export const FOCUS_COLUMNS: readonly string[] = COLUMNS.map(([name]) => name);

/** The cells of a row, as the header names them. */
export function focusCells(row: FocusRow): CsvCell[] {
  return COLUMNS.map(([, cell]) => cell(row));
}

/** Without the zeros of milliseconds, as FOCUS writes its times. */
function instant(time: Date): string {
  return time.toISOString().replace('.000Z', 'Z');
}

/** Exactly: micro-USD have six places. A text would be taken for one, so it is marked as what it is by having no sign. */
function usd(microUsd: number | null): string | null {
  if (microUsd === null) return null;
  const digits = String(microUsd).padStart(7, '0');
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

function tags({ group }: FocusCharge): string {
  const { proxy, user } = group;
  return JSON.stringify({ ...(proxy !== null && { proxy }), ...(user !== null && { user }) });
}
