import type { Alert } from '@penstock/contracts';

/** What is sent of an alert. */
export interface AlertNotice extends Omit<Alert, 'deliveries' | 'kind'> {
  /** `test` for one that an admin asked for to try a channel out. */
  readonly kind: Alert['kind'] | 'test';
  /** Where an admin sees more; null when the operator does not say where the console is. */
  readonly consoleUrl: string | null;
}

/** Where the console lists alerts. */
export function consoleLink(publicUrl: string | undefined): string | null {
  return publicUrl === undefined ? null : `${publicUrl.replace(/\/+$/, '')}/alerts`;
}
