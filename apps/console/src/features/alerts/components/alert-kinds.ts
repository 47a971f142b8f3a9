import type { AlertChannelSpec, AlertKind } from '@penstock/contracts';

/** What alerts are about, and what the console calls it. */
export const ALERT_KINDS = [
  { value: 'limit-threshold', label: 'Limit nearly used' },
  { value: 'unknown-price', label: 'Model without a price' },
  { value: 'reconciliation', label: 'Books differ' },
] as const satisfies readonly { value: AlertKind; label: string }[];

/** What the console calls a kind of alert. */
export function labelOfKind(kind: AlertKind): string {
  return ALERT_KINDS.find(({ value }) => value === kind)?.label ?? kind;
}

/** Ways to be told. */
export const CHANNEL_TYPES = [
  { value: 'webhook', label: 'Webhook' },
  { value: 'slack', label: 'Slack or compatible' },
  { value: 'email', label: 'Email' },
] as const satisfies readonly { value: AlertChannelSpec['type']; label: string }[];
