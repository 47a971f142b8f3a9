import { redisNames, UsageEvent } from '@penstock/contracts';
import { waitUntil } from '@penstock/testing';
import { Redis } from 'ioredis';

/** The usage events that the gateway has shipped, checked against their schema. */
export async function usageEvents(redisUrl: string): Promise<readonly UsageEvent[]> {
  const redis = new Redis(redisUrl);
  try {
    const entries = await redis.xrange(redisNames.usageStream, '-', '+');
    // An entry holds its events in one field, one in a line.
    return entries.flatMap(([, fields]) =>
      (fields[1] ?? '').split('\n').map((line) => UsageEvent.parse(JSON.parse(line))),
    );
  } finally {
    redis.disconnect();
  }
}

/** Waits for the event of a request. */
export function usageOf(redisUrl: string, requestId: string): Promise<UsageEvent> {
  return waitUntil(`the usage of ${requestId}`, async () => {
    return (await usageEvents(redisUrl)).find((event) => event.requestId === requestId);
  });
}
