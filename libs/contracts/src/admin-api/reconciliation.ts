import { z } from 'zod';

/** One ledger whose limiter and usage events differ. */
export const LedgerDifference = z
  .object({
    subject: z.string(),
    quota: z.string(),
    unit: z.string(),
    window: z.string(),
    windowStart: z.iso.datetime(),
    /** What the limiter counts as spent. */
    ledger: z.int(),
    /** What the usage events of the window add up to. */
    events: z.int(),
    /** `raised`: the ledger had less and was brought up. `presumed`: it has more, for requests that nobody ended. */
    outcome: z.enum(['raised', 'presumed', 'pending']),
  })
  .meta({ id: 'LedgerDifference' });
export type LedgerDifference = z.infer<typeof LedgerDifference>;

/** Whether usage events, their sums and the ledgers of limits tell the same. */
export const Reconciliation = z
  .object({
    checkedAt: z.iso.datetime(),
    durationMs: z.int(),
    /** Nothing differs that cannot be explained by requests under way. */
    consistent: z.boolean(),
    rollups: z.object({
      from: z.iso.datetime(),
      to: z.iso.datetime(),
      checked: z.int(),
      /** Sums that did not equal their events; they were computed anew. */
      mismatched: z.int(),
    }),
    ledgers: z.object({ checked: z.int(), differences: z.array(LedgerDifference) }),
    /** Requests without an end whose events were presumed, in the last day. */
    presumedRequests: z.int(),
  })
  .meta({ id: 'Reconciliation' });
export type Reconciliation = z.infer<typeof Reconciliation>;
