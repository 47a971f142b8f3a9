import { usageParameters } from '../api/usage.ts';
import type { UsageView } from './usage-range.ts';

/** Files that the control plane writes of a view: its single requests, and its charges. */
export type UsageExport = 'export.csv' | 'focus.csv';

/** The address of an export of just what a view shows. The browser downloads it with the session's cookie. */
export function exportLink(file: UsageExport, { range, filters, timeZone, outcome }: UsageView): string {
  const parameters = {
    ...usageParameters({ range, filters, ...(timeZone ? { timeZone } : {}) }),
    ...(outcome && file === 'export.csv' ? { outcome } : {}),
  };
  return `/api/v1/usage/${file}?${new URLSearchParams(parameters).toString()}`;
}
