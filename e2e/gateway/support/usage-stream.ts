import { redisNames, UsageEvent } from '@penstock/contracts';
import { waitUntil } from '@penstock/testing';
import { Redis } from 'ioredis';

/** The usage events that the gateway has shipped, checked against their schema. */
export async function usageEvents(redisUrl: string): Promise<readonly UsageEvent[]> {
  const redis = new Redis(redisUrl);
  try {
    const entries = await redis.xrange(redisNames.usageStream, '-', '+');
    // An entry may hold several events, each in a field of the same name.
    return entries.flatMap(([, fields]) =>
      fields.flatMap((value, index) =>
        fields[index - 1] === 'event' && index % 2 === 1 ? [UsageEvent.parse(JSON.parse(value))] : [],
      ),
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
