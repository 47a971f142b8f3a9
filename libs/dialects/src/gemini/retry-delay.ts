import type { JsonObject } from '../canonical/json.ts';
import { objectOf, stringOf } from './json-fields.ts';

const UNITS_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** A duration as Google writes it: "34.4s", "373.8ms", "1h2m3s". */
const DURATION = /^(?:\d+(?:\.\d+)?(?:h|ms|m|s))+$/;
const IN_MESSAGE = /(?:retry|try again) in ((?:\d+(?:\.\d+)?(?:h|ms|m|s)\s?)+)/i;

/**
 * How long Google asks to wait, in milliseconds, rounded up: from `RetryInfo`, else from the reset of a quota, else from
 * the words of the message. Undefined when it does not say.
 */
export function retryDelayMs(details: readonly JsonObject[], message: string): number | undefined {
  const stated = details.flatMap((detail) => [
    stringOf(detail['retryDelay']),
    stringOf(objectOf(detail['metadata'])?.['quotaResetDelay']),
  ]);
  const said = IN_MESSAGE.exec(message)?.[1]?.replaceAll(/\s/g, '');
  return [...stated, said].map(durationMs).find((delay) => delay !== undefined);
}

function durationMs(text: string | undefined): number | undefined {
  if (text === undefined || !DURATION.test(text)) return undefined;
  let total = 0;
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g))
    total += Number(number) * (UNITS_MS[unit ?? ''] ?? 0);
  // A tenth of a nanosecond too much, which binary fractions make of "34.4s", is no millisecond more.
  return Math.ceil(total - 1e-6);
}
