import { z } from 'zod';
import { AlertKind } from '../resources/alert-channel.ts';

export const AlertDelivery = z
  .object({
    channel: z.string(),
    state: z.enum(['pending', 'delivered', 'failed']),
    attempts: z.int(),
    lastError: z.string().nullable(),
    deliveredAt: z.iso.datetime().nullable(),
    /** When it is tried again; null when it is not. */
    nextAttemptAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'AlertDelivery' });
export type AlertDelivery = z.infer<typeof AlertDelivery>;

/** Something that an admin was, or is to be, told of; each fires once in its window. */
export const Alert = z
  .object({
    id: z.uuid(),
    kind: AlertKind,
    firedAt: z.iso.datetime(),
    /** One line, for people. */
    title: z.string(),
    /** What it is about: `VirtualKey app-1`, `LlmProvider lab-vllm`. */
    subject: z.string(),
    /** Of a limit's threshold; null otherwise. */
    limit: z
      .object({
        quota: z.string(),
        unit: z.string(),
        window: z.string(),
        thresholdPercent: z.int(),
        used: z.int(),
        max: z.int(),
        windowStart: z.iso.datetime(),
        windowEnd: z.iso.datetime(),
      })
      .nullable(),
    deliveries: z.array(AlertDelivery),
  })
  .meta({ id: 'Alert' });
export type Alert = z.infer<typeof Alert>;

/** What came of a test alert. */
export const AlertTest = z
  .object({ ok: z.boolean(), reason: z.string().nullable(), durationMs: z.number() })
  .meta({ id: 'AlertTest' });
export type AlertTest = z.infer<typeof AlertTest>;
